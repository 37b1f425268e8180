package dev.stator.replay.offline.worker;

/// Computes jobs in virtual time. One thread.
public interface SimulatedWorker {

    /// Takes a job; it is told to the `Ledger` when it is begun, has its first token and ends.
    void submit(Job job);

    /// Requests whose prefill has not begun, those set back included.
    int waiting();

    /// What it holds.
    BlockCache cache();

    /// Is told what happens to jobs, at the virtual time at which it happens.
    interface Ledger {

        /// The prefill begins; the job knows its hit.
        void begun(int worker, Job job);

        /// The prompt is computed and with it the first token.
        void firstToken(int worker, Job job);

        /// The last token is computed.
        void ended(int worker, Job job);

        /// The worker can never serve it.
        void failed(Job job);

        /// The worker has computed for so long.
        void busy(int worker, long nanos);
    }
}
