package dev.stator.launch.engines;

import dev.stator.engine.Engine;
import dev.stator.engine.EngineFailure;
import dev.stator.engine.EngineInfo;
import dev.stator.engine.FailureKind;
import dev.stator.engine.Generation;
import dev.stator.engine.GenerationEnd;
import dev.stator.engine.GenerationRequest;
import dev.stator.engine.TokenSink;
import dev.stator.kv.cache.KvCacheListener;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Engines of this process in groups, each group one engine with as many ranks.
record RankedRoom(EngineRoom room, int ranks) implements EngineRoom {

    /// The room itself when its engines are to have one rank.
    static EngineRoom of(EngineSetup setup, EngineRoom room) {
        return setup.ranks() > 1 ? new RankedRoom(room, setup.ranks()) : room;
    }

    @Override
    public EngineInfo info() {
        return room.info();
    }

    @Override
    public void load(Startup startup) {
        room.load(startup);
    }

    @Override
    public OpenedEngine open(String worker, List<? extends KvCacheListener> caches)
            throws IOException, InterruptedException {
        List<OpenedEngine> opened = new ArrayList<>();
        for (KvCacheListener cache : caches) {
            String name = opened.isEmpty() ? worker : worker + "." + opened.size();
            opened.add(room.open(name, List.of(cache)));
        }
        List<Engine> engines = opened.stream().map(OpenedEngine::engine).toList();
        return new OpenedEngine(
                new RankedEngine(engines, new AtomicInteger()),
                opened.stream().flatMap(it -> it.ranks().stream()).toList(),
                _ -> {});
    }

    @Override
    public void close() {
        room.close();
    }

    /// Gives each request to its rank, and those for any rank to one after the other.
    ///
    /// @param next counts the latter
    private record RankedEngine(List<Engine> ranks, AtomicInteger next) implements Engine {

        @Override
        public EngineInfo info() {
            return ranks.getFirst().info();
        }

        @Override
        public Generation generate(GenerationRequest request, TokenSink sink) {
            int any = Math.floorMod(next.getAndIncrement(), ranks.size());
            int rank = request.rank().orElse(any);
            if (rank < ranks.size()) {
                return ranks.get(rank).generate(request, sink);
            }
            String why = "rank %d of %d ranks".formatted(rank, ranks.size());
            var failure = EngineFailure.of(FailureKind.INVALID_REQUEST, why);
            sink.onEnd(new GenerationEnd.Failed(failure));
            return Generation.ENDED;
        }

        @Override
        public void close() {
            ranks.forEach(Engine::close);
        }
    }
}
