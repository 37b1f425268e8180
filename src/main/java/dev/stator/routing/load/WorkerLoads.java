package dev.stator.routing.load;

import dev.stator.routing.load.WorkerLoad.Pace;

import java.util.Arrays;

/// The loads of many workers, seen by one request: a column per figure, so that a thousand can be
/// compared without an object for each. Not thread-safe.
public final class WorkerLoads {
    private int size;
    private int promptBlocks;
    private double wearWeight; // what wear is divided by
    private double busyWeight; // what busyness is divided by

    // written by those who know
    long[] prefillTokens = {};
    int[] activeBlocks = {};
    int[] bookedBlocks = {};
    int[] activeRequests = {};
    int[] decodingRequests = {};
    double[] waitSeconds = {};
    double[] slowness = {};
    double[] weightedWear = {};
    double[] weightedBusy = {};

    public long prefillTokens(int i) {
        return prefillTokens[i];
    }

    public int bookedBlocks(int i) {
        return bookedBlocks[i];
    }

    public int activeBlocks(int i) {
        return activeBlocks[i];
    }

    /// Of each worker, in a new array.
    public int[] activeRequests() {
        return activeRequests.clone();
    }

    /// Of each worker, see `Pace`, times a factor of its own and one for all.
    ///
    /// @param factors in the order of the workers
    public double[] wearTokens(double[] factors, double factor) {
        double each = factor / wearWeight;
        var wear = new double[size];
        for (int i = 0; i < size; i++) {
            wear[i] = weightedWear[i] * factors[i] * each;
        }
        return wear;
    }

    /// Of all workers on average, see `Pace`.
    public double meanBusy() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weightedBusy[i];
        }
        return sum / busyWeight / size;
    }

    /// All figures of one worker.
    public WorkerLoad get(int i) {
        return new WorkerLoad(
                prefillTokens[i],
                activeBlocks[i],
                activeBlocks[i] + promptBlocks - bookedBlocks[i],
                bookedBlocks[i],
                activeRequests[i],
                new Pace(
                        waitSeconds[i],
                        slowness[i],
                        weightedWear[i] / wearWeight,
                        weightedBusy[i] / busyWeight,
                        decodingRequests[i]));
    }

    /// Those at some positions alone.
    public WorkerLoads of(int[] positions) {
        var some = new WorkerLoads();
        some.begin(positions.length);
        some.ask(promptBlocks);
        some.weigh(wearWeight, busyWeight);
        for (int i = 0; i < positions.length; i++) {
            some.copy(i, this, positions[i]);
        }
        return some;
    }

    /// All idle.
    void begin(int workers) {
        size = workers;
        prefillTokens = new long[workers];
        activeBlocks = new int[workers];
        bookedBlocks = new int[workers];
        activeRequests = new int[workers];
        decodingRequests = new int[workers];
        waitSeconds = new double[workers];
        slowness = new double[workers];
        Arrays.fill(slowness, 1);
        weightedWear = new double[workers];
        weightedBusy = new double[workers];
    }

    /// Seen by a prompt that shares nothing.
    void ask(int newPromptBlocks) {
        promptBlocks = newPromptBlocks;
        Arrays.fill(bookedBlocks, 0);
    }

    void weigh(double wear, double busy) {
        wearWeight = wear;
        busyWeight = busy;
    }

    private void copy(int i, WorkerLoads from, int position) {
        prefillTokens[i] = from.prefillTokens[position];
        activeBlocks[i] = from.activeBlocks[position];
        bookedBlocks[i] = from.bookedBlocks[position];
        activeRequests[i] = from.activeRequests[position];
        decodingRequests[i] = from.decodingRequests[position];
        waitSeconds[i] = from.waitSeconds[position];
        slowness[i] = from.slowness[position];
        weightedWear[i] = from.weightedWear[position];
        weightedBusy[i] = from.weightedBusy[position];
    }
}
