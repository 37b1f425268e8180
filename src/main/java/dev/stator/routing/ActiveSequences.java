package dev.stator.routing;

import dev.stator.kv.cache.WorkerId;
import dev.stator.tokens.LongMap;
import dev.stator.tokens.TokenBlocks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The requests each worker is running, as the router believes. Thread-safe; one lock.
///
/// Those that it has sent itself are told to a listener; those that other routers have sent are
/// booked as foreign, and nobody hears of them.
///
/// Blocks of prompts are counted once per worker however many of its requests share them. Every
/// booking covers a prefix from the first block on, so the blocks of a prompt that are active on a
/// worker are a prefix too, and its length is found by bisection.
public final class ActiveSequences {
    private final boolean trackOutputBlocks;
    private volatile Listener listener = Listener.NONE;
    private final Map<WorkerId, Worker> workers = new HashMap<>(); // guarded by this; running only

    /// @param trackOutputBlocks whether produced tokens are charged
    public ActiveSequences(boolean trackOutputBlocks) {
        this.trackOutputBlocks = trackOutputBlocks;
    }

    /// Hears of the bookings made here, each after it counts. Must not block.
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (_, _, _) -> Follower.NONE;

        /// @param prefillTokens of the prompt that the worker has to compute
        /// @return who hears of the rest
        Follower booked(WorkerId worker, RoutingQuery query, long prefillTokens);
    }

    /// Hears what becomes of one booking, each at most once. Must not block.
    public interface Follower {
        Follower NONE =
                new Follower() {
                    @Override
                    public void prefillCompleted() {}

                    @Override
                    public void released() {}
                };

        void prefillCompleted();

        void released();
    }

    /// Tells `heard` of the bookings made from now on, and nobody else any more.
    public void listen(Listener heard) {
        listener = heard;
    }

    /// Charges a worker with a request until the booking is closed.
    ///
    /// @param overlapBlocks leading blocks it need not compute
    public Booking book(WorkerId worker, RoutingQuery query, int overlapBlocks) {
        TokenBlocks blocks = query.blocks();
        long cachedTokens = (long) overlapBlocks * blocks.blockSizeTokens();
        long prefillTokens = Math.max(0, query.promptTokens() - cachedTokens);
        var charge = new Charge(worker, blocks.sequenceHashes(), prefillTokens);
        charge.produces(query.promptTokens(), blocks.blockSizeTokens());
        add(charge);
        return new Booking(this, charge, listener.booked(worker, query, prefillTokens));
    }

    /// Charges a worker with a request of another router until the booking is closed.
    ///
    /// @param sequenceHashes the bits of the `SequenceHash`es of the prompt's blocks; not kept
    public Booking bookForeign(WorkerId worker, long[] sequenceHashes, long prefillTokens) {
        var charge = new Charge(worker, sequenceHashes.clone(), prefillTokens);
        add(charge);
        return new Booking(this, charge, Follower.NONE);
    }

    /// The load of each candidate, seen by this request, in the order of the candidates.
    synchronized WorkerLoad[] loads(RoutingQuery query) {
        TokenBlocks blocks = query.blocks();
        List<RoutingQuery.Candidate> candidates = query.candidates();
        var idle = new WorkerLoad(0, 0, blocks.count(), 0);
        var loads = new WorkerLoad[candidates.size()];
        for (int i = 0; i < loads.length; i++) {
            Worker worker = workers.get(candidates.get(i).worker());
            loads[i] = worker == null ? idle : worker.load(blocks);
        }
        return loads;
    }

    /// The load of every worker that runs something.
    public synchronized Map<WorkerId, WorkerLoad> loads() {
        var loads = HashMap.<WorkerId, WorkerLoad>newHashMap(workers.size());
        workers.forEach((id, worker) -> loads.put(id, worker.load(0)));
        return loads;
    }

    /// Whether that was news.
    synchronized boolean completePrefill(Charge charge) {
        boolean isPending = !charge.released && charge.prefillTokens > 0;
        if (isPending) {
            running(charge).prefillTokens -= charge.prefillTokens;
            charge.prefillTokens = 0;
        }
        return isPending;
    }

    void produceToken(Charge charge) {
        if (!trackOutputBlocks || charge.blockSizeTokens == 0) {
            return;
        }
        synchronized (this) {
            if (!charge.released && charge.tokens++ % charge.blockSizeTokens == 0) {
                charge.outputBlocks++;
                running(charge).outputBlocks++;
            }
        }
    }

    /// Whether that was news.
    synchronized boolean release(Charge charge) {
        if (charge.released) {
            return false;
        }
        completePrefill(charge);
        charge.released = true;
        Worker worker = running(charge);
        worker.requests--;
        worker.outputBlocks -= charge.outputBlocks;
        for (int i = charge.blocks.length - 1; i >= 0; i--) {
            worker.release(charge.blocks[i]);
        }
        if (worker.requests == 0) {
            workers.remove(charge.worker);
        }
        return true;
    }

    private synchronized void add(Charge charge) {
        Worker worker = workers.computeIfAbsent(charge.worker, _ -> new Worker());
        worker.requests++;
        worker.prefillTokens += charge.prefillTokens;
        for (long block : charge.blocks) {
            worker.use(block);
        }
    }

    private Worker running(Charge charge) {
        Worker worker = workers.get(charge.worker);
        if (worker == null) {
            throw new IllegalStateException("charged worker is unknown: " + charge.worker);
        }
        return worker;
    }

    /// Throws `IllegalStateException` on a contradiction.
    synchronized void checkInvariants() {
        workers.forEach(
                (id, worker) -> {
                    if (worker.requests < 1
                            || worker.prefillTokens < 0
                            || worker.outputBlocks < 0) {
                        throw new IllegalStateException(
                                "worker %s: %s".formatted(id, worker.load(0)));
                    }
                    worker.users.forEach(
                            (hash, users) -> {
                                if (users.count < 1 || users.count > worker.requests) {
                                    throw new IllegalStateException(
                                            "block %x of worker %s has %d users"
                                                    .formatted(hash, id, users.count));
                                }
                            });
                });
    }

    /// What one booking put on its worker; guarded by the `ActiveSequences`.
    static final class Charge {
        private final WorkerId worker;
        private final long[] blocks; // sequence hashes
        private int blockSizeTokens; // 0 when the tokens it produces are not heard of
        private long prefillTokens;
        private long tokens;
        private int outputBlocks;
        private boolean released;

        Charge(WorkerId worker, long[] blocks, long prefillTokens) {
            this.worker = worker;
            this.blocks = blocks;
            this.prefillTokens = prefillTokens;
        }

        /// Before it is added: produced tokens are heard of and fill blocks of this size.
        void produces(long promptTokens, int newBlockSizeTokens) {
            tokens = promptTokens;
            blockSizeTokens = newBlockSizeTokens;
        }

        WorkerId worker() {
            return worker;
        }
    }

    /// What one worker runs.
    private static final class Worker {
        private final LongMap<Users> users = new LongMap<>(); // by sequence hash
        private long prefillTokens;
        private int outputBlocks;
        private int requests;

        WorkerLoad load(TokenBlocks blocks) {
            return load(blocks.count() - shared(blocks));
        }

        WorkerLoad load(int newBlocks) {
            int active = users.size() + outputBlocks;
            return new WorkerLoad(prefillTokens, active, active + newBlocks, requests);
        }

        void use(long sequenceHash) {
            Users block = users.get(sequenceHash);
            if (block == null) {
                block = new Users();
                users.put(sequenceHash, block);
            }
            block.count++;
        }

        void release(long sequenceHash) {
            Users block = users.get(sequenceHash);
            if (block == null || --block.count == 0) {
                users.remove(sequenceHash);
            }
        }

        /// Leading blocks that are active already.
        private int shared(TokenBlocks blocks) {
            if (blocks.count() == 0 || !isActive(blocks, 0)) {
                return 0;
            }
            int active = 0; // the last block known to be active
            int absent = blocks.count(); // the first block known not to be
            while (absent - active > 1) {
                int middle = (active + absent) >>> 1;
                if (isActive(blocks, middle)) {
                    active = middle;
                } else {
                    absent = middle;
                }
            }
            return active + 1;
        }

        private boolean isActive(TokenBlocks blocks, int index) {
            return users.get(blocks.sequenceHash(index)) != null;
        }
    }

    private static final class Users {
        private int count;
    }
}
