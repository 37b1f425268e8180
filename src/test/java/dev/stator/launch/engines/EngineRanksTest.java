package dev.stator.launch.engines;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.RecordingSink;
import dev.stator.engine.Requests;
import dev.stator.engine.kvevents.KvEventsConfig;
import dev.stator.engine.kvevents.ZmqKvEventPublisher;
import dev.stator.kv.cache.KvCacheEvent;
import dev.stator.kv.cache.KvCacheEvent.Cleared;
import dev.stator.kv.cache.KvCacheEvent.Removed;
import dev.stator.kv.cache.KvCacheListener;
import dev.stator.model.ModelReference;
import dev.stator.platform.zmq.ZmqThread;
import dev.stator.testing.ScriptedServer;
import dev.stator.tokens.SequenceHash;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/// Engines of several ranks, ours and those of a server.
class EngineRanksTest {
    private static final ModelReference DEMO = new ModelReference.Demo();
    private static final Map<String, String> FACTS =
            Map.of(
                    "/version",
                    "{\"version\":\"0.11.0\"}",
                    "/v1/models",
                    "{\"data\":[{\"id\":\"m\",\"max_model_len\":512}]}");

    private final List<Heard> ranks = List.of(new Heard(), new Heard());

    @Test
    void eachRankOfAServerIsFollowedAtAPortOfItsOwn() throws Exception {
        KvEventsConfig events = events();
        try (var server = new ScriptedServer(EngineRanksTest::answer);
                ZmqThread thread = ZmqThread.open("ranks");
                ZmqKvEventPublisher first = publisher(thread, events, 0);
                ZmqKvEventPublisher second = publisher(thread, events, 1);
                EngineRoom room =
                        room(
                                new EngineConfig.Remote(
                                        server.url(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        OptionalInt.empty(),
                                        OptionalInt.empty()),
                                events)) {
            assertThat(room.ranks()).isEqualTo(2);
            room.open("2a", ranks).engine().close();
            await().until(() -> first.hasSubscribers() && second.hasSubscribers());
            second.onEvent(new Cleared());
            first.onEvent(new Removed(List.of(new SequenceHash(7))));

            await().until(() -> ranks.stream().noneMatch(it -> it.events.isEmpty()));
            assertThat(ranks.get(0).events)
                    .containsExactly(new Removed(List.of(new SequenceHash(7))));
            assertThat(ranks.get(1).events).containsExactly(new Cleared());
        }
    }

    @Test
    void aRequestRunsOnItsRankAndFillsThatCache() throws Exception {
        EngineConfig simulated =
                new EngineConfig.Simulated(0, OptionalInt.empty(), OptionalInt.empty());
        try (EngineRoom room = room(simulated, KvEventsConfig.DISABLED)) {
            OpenedEngine opened = room.open("2a", ranks);
            int[] prompt = IntStream.range(1_000, 1_040).toArray();
            var sink = new RecordingSink();
            opened.engine()
                    .generate(Requests.request("r", prompt).withRank(OptionalInt.of(1)), sink);
            sink.awaitFinished();

            assertThat(sink.start().orElseThrow().worker()).isEqualTo("2a.1");
            assertThat(ranks.get(0).events).isEmpty();
            assertThat(ranks.get(1).events).isNotEmpty();
            assertThat(opened.report().totalBlocks()).isEqualTo(2 * room.info().totalBlocks());
            var refused = new RecordingSink();
            opened.engine()
                    .generate(Requests.request("r", prompt).withRank(OptionalInt.of(2)), refused);
            assertThat(refused.awaitFailure().message()).isEqualTo("rank 2 of 2 ranks");
            opened.engine().close();
        }
    }

    private static EngineRoom room(EngineConfig engine, KvEventsConfig events) {
        return EngineRoom.of(
                new EngineSetup(DEMO, Optional.of("m"), 16, engine, 1, 2, events),
                ChatModel.open(DEMO));
    }

    private static ZmqKvEventPublisher publisher(
            ZmqThread thread, KvEventsConfig events, int rank) {
        return ZmqKvEventPublisher.open(thread, events, rank, InstantSource.system());
    }

    /// As vLLM.
    private static void answer(ScriptedServer.Request request, ScriptedServer.Peer peer)
            throws IOException {
        String fact = FACTS.get(request.path());
        if (request.path().equals("/v1/completions")) {
            peer.write(ScriptedServer.EVENTS_HEAD);
            peer.write(
                    ScriptedServer.chunk(
                            """
                            data: {"choices":[{"index":0,"text":"x","token_ids":[5],\
                            "finish_reason":"length"}]}

                            data: [DONE]

                            """));
            peer.write("0\r\n\r\n");
        } else {
            peer.answer(fact == null ? 404 : 200, "application/json", fact == null ? "{}" : fact);
        }
    }

    /// Two ports in a row, free a moment ago.
    private static KvEventsConfig events() throws IOException {
        while (true) {
            try (var one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var _ =
                            new ServerSocket(
                                    one.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                return KvEventsConfig.parse(
                        "{\"publisher\":\"zmq\",\"endpoint\":\"tcp://*:%d\"}"
                                .formatted(one.getLocalPort()));
            } catch (IOException | IllegalArgumentException _) {
                // one of them is taken, other ports will do
            }
        }
    }

    private static final class Heard implements KvCacheListener {
        private final List<KvCacheEvent> events = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(KvCacheEvent event) {
            events.add(event);
        }
    }
}
