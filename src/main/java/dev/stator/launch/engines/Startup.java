package dev.stator.launch.engines;

import java.net.InetSocketAddress;

/// Hears how far starting is.
public interface Startup {

    /// For callers that need no progress.
    Startup SILENT =
            new Startup() {
                @Override
                public void listening(InetSocketAddress address) {}

                @Override
                public void weights(long doneBytes, long totalBytes) {}

                @Override
                public void workers(int open, int of) {}
            };

    /// The address is ours; requests are answered 503 until the model is there.
    void listening(InetSocketAddress address);

    /// So much of the weights is in memory. Called from several threads.
    void weights(long doneBytes, long totalBytes);

    /// So many workers serve.
    void workers(int open, int of);
}
