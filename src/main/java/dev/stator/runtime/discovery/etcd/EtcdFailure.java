package dev.stator.runtime.discovery.etcd;

/// etcd did not do what it was asked, or did not say so in time.
final class EtcdFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean isLeaseLost;

    EtcdFailure(String message, boolean isLeaseLost, Throwable cause) {
        super(message, cause);
        this.isLeaseLost = isLeaseLost;
    }

    /// Whether it answered, and does not know the lease.
    boolean isLeaseLost() {
        return isLeaseLost;
    }
}
