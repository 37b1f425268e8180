package dev.stator.launch.indexer;

import dev.stator.engine.wire.RouterEventJson;
import dev.stator.kv.cache.KvCacheEvent.Stored;
import dev.stator.kv.cache.WorkerId;
import dev.stator.platform.codec.JsonObjectBuilder;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes the answers of the index in the shape of Dynamo's.
final class IndexerAnswers {
    private static final String STATUS = "status";
    private static final String BLOCK_SIZE = "block_size";

    private IndexerAnswers() {}

    static JsonObject ok() {
        return new JsonObjectBuilder().put(STATUS, "ok").build();
    }

    static JsonObject error(String problem) {
        return new JsonObjectBuilder().put("error", problem).build();
    }

    /// Who holds how many tokens, and for each leading block how many ranks hold it.
    ///
    /// Scores, `dp` and frequencies speak of device memory. `gpu`, `cpu` and `disk` say how far the
    /// best rank of an instance reaches with the tiers down to that one, so none is less than the
    /// one before and `longest_matched` is the last.
    static JsonObject overlap(SortedMap<EngineRank, TierReach> reaches, int blockSizeTokens) {
        var scores = new JsonObjectBuilder();
        var instances = new JsonObjectBuilder();
        byInstance(reaches)
                .forEach(
                        (instance, ranks) -> {
                            JsonObject byRank = byRank(ranks, blockSizeTokens);
                            TierReach best =
                                    ranks.values().stream().reduce(TierReach.NONE, TierReach::max);
                            scores.put(instance, byRank);
                            instances.put(instance, instance(best, byRank, blockSizeTokens));
                        });
        return new JsonObjectBuilder()
                .put("scores", scores.build())
                .putNumbers("frequencies", frequencies(reaches).toArray())
                .put("instances", instances.build())
                .build();
    }

    /// One object per model, group and instance.
    static JsonArray workers(List<GroupIndex> groups) {
        List<JsonValue> workers = new ArrayList<>();
        for (GroupIndex group : groups) {
            group.followers().stream()
                    .collect(
                            Collectors.groupingBy(
                                    it -> it.registration().engine().instance(),
                                    () -> new TreeMap<>(Long::compareUnsigned),
                                    Collectors.toList()))
                    .forEach((instance, ranks) -> workers.add(worker(group, instance, ranks)));
        }
        return new JsonArray(workers);
    }

    /// Events that build the same indexes elsewhere, numbered per rank.
    static JsonObject dump(List<GroupIndex> groups) {
        var json = new JsonObjectBuilder();
        for (GroupIndex group : groups) {
            List<JsonValue> events = new ArrayList<>();
            for (Follower follower : group.followers()) {
                EngineRank engine = follower.registration().engine();
                long next = 0;
                for (Stored stored : group.dump(follower)) {
                    events.add(
                            RouterEventJson.write(
                                    new WorkerId(engine.instance(), engine.rank()),
                                    next++,
                                    stored));
                }
            }
            json.put(
                    group.key().toString(),
                    new JsonObjectBuilder()
                            .put(BLOCK_SIZE, group.blockSizeTokens())
                            .putAll("events", events)
                            .build());
        }
        return json.build();
    }

    private static Map<String, SortedMap<String, TierReach>> byInstance(
            SortedMap<EngineRank, TierReach> reaches) {
        return reaches.entrySet().stream()
                .collect(
                        Collectors.groupingBy(
                                it -> Long.toUnsignedString(it.getKey().instance()),
                                TreeMap::new,
                                Collectors.toMap(
                                        it -> Integer.toString(it.getKey().rank()),
                                        Map.Entry::getValue,
                                        TierReach::max,
                                        TreeMap::new)));
    }

    private static JsonObject byRank(SortedMap<String, TierReach> ranks, int blockSizeTokens) {
        var tokens = new JsonObjectBuilder();
        ranks.forEach((rank, held) -> tokens.put(rank, tokens(held.device(), blockSizeTokens)));
        return tokens.build();
    }

    private static JsonObject instance(TierReach best, JsonObject byRank, int blockSizeTokens) {
        return new JsonObjectBuilder()
                .put("longest_matched", tokens(best.disk(), blockSizeTokens))
                .put("gpu", tokens(best.device(), blockSizeTokens))
                .put("dp", byRank)
                .put("cpu", tokens(best.host(), blockSizeTokens))
                .put("disk", tokens(best.disk(), blockSizeTokens))
                .build();
    }

    private static IntStream frequencies(SortedMap<EngineRank, TierReach> reaches) {
        int longest = reaches.values().stream().mapToInt(TierReach::device).max().orElse(0);
        int[] holders = new int[longest + 1];
        reaches.values().forEach(held -> holders[held.device()]++);
        for (int i = longest - 1; i >= 0; i--) {
            holders[i] += holders[i + 1];
        }
        return IntStream.of(holders).skip(1);
    }

    private static long tokens(int blocks, int blockSizeTokens) {
        return (long) blocks * blockSizeTokens;
    }

    private static JsonObject worker(GroupIndex group, long instance, List<Follower> ranks) {
        var endpoints = new JsonObjectBuilder();
        var listeners = new JsonObjectBuilder();
        for (Follower follower : ranks) {
            String rank = Integer.toString(follower.registration().engine().rank());
            endpoints.put(rank, follower.registration().endpoint().uri());
            listeners.put(rank, listener(follower));
        }
        boolean isPending = ranks.stream().anyMatch(it -> it.status() == Follower.Status.PENDING);
        return new JsonObjectBuilder()
                .putUnsigned("instance_id", instance)
                .put("source", "zmq")
                .put(STATUS, name(isPending ? Follower.Status.PENDING : Follower.Status.ACTIVE))
                .put("model_name", group.key().model())
                .put("routing_group", group.key().group())
                .put(BLOCK_SIZE, group.blockSizeTokens())
                .put("endpoints", endpoints.build())
                .put("listeners", listeners.build())
                .build();
    }

    private static JsonObject listener(Follower follower) {
        var json =
                new JsonObjectBuilder()
                        .put("endpoint", follower.registration().endpoint().uri())
                        .put(STATUS, name(follower.status()));
        follower.problem().ifPresent(it -> json.put("last_error", it));
        return json.build();
    }

    private static String name(Follower.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
