package dev.stator.routing;

import dev.stator.kv.index.WorkerTable;
import dev.stator.routing.RoutingQuery.Candidate;
import dev.stator.routing.load.Roster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The candidates of one request after the other, with what need not be looked up for each. The
/// roster belongs to the lock of the router.
final class Lineup {
    private final List<Candidate> candidates;
    private final Roster roster;
    private final int[] totalBlocks;
    private final double[] perBlock; // the part of its cache that a block is
    private final int[] everyone; // 0, 1, 2 and so on
    private final Numbers unknown;
    private volatile Numbers numbers;

    /// What a table calls the candidates, -1 for one that it does not know.
    private record Numbers(WorkerTable table, int[] numbers) {}

    Lineup(List<Candidate> candidates) {
        this.candidates = candidates;
        this.roster = new Roster(candidates.stream().map(Candidate::worker).toList());
        this.totalBlocks = candidates.stream().mapToInt(Candidate::totalBlocks).toArray();
        this.perBlock =
                Arrays.stream(totalBlocks).mapToDouble(it -> 1.0 / Math.max(1, it)).toArray();
        this.everyone = IntStream.range(0, candidates.size()).toArray();
        this.unknown = numbers(new WorkerTable(List.of()), candidates);
        this.numbers = unknown;
    }

    /// Whether it is made of this very list.
    @SuppressWarnings("ReferenceEquality") // comparing a thousand candidates would cost more
    boolean isOf(List<Candidate> others) {
        return candidates == others;
    }

    Roster roster() {
        return roster;
    }

    int size() {
        return perBlock.length;
    }

    Candidate candidate(int i) {
        return candidates.get(i);
    }

    /// KV blocks of a candidate, without a look at it.
    int totalBlocks(int i) {
        return totalBlocks[i];
    }

    /// What part of its cache a block is, not to be changed.
    double[] perBlock() {
        return perBlock;
    }

    /// The positions of all candidates, not to be changed.
    int[] everyone() {
        return everyone;
    }

    /// The number of each candidate, not to be changed.
    int[] numbers(WorkerTable table) {
        if (table.size() == 0) {
            return unknown.numbers;
        }
        Numbers known = numbers;
        if (known.table != table) {
            known = numbers(table, candidates);
            numbers = known;
        }
        return known.numbers;
    }

    private static Numbers numbers(WorkerTable table, List<Candidate> candidates) {
        return new Numbers(
                table, candidates.stream().mapToInt(it -> table.number(it.worker())).toArray());
    }
}
