package dev.stator.launch.processes;

import dev.stator.launch.topology.Readiness;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// Looks whether a process does its work. One thread asks; the looking happens on others, one at a
/// time, each bounded in time.
final class Probe {
    private static final int CONNECT_MILLIS = 1_000;
    private static final int READ_MILLIS = 2_000;
    private static final int BODY_BYTES_MAX = 1 << 20;

    private final boolean isImmediate;
    private final Callable<Boolean> look;
    private @Nullable FutureTask<Boolean> looking;

    Probe(Readiness readiness, LogFile log) {
        this.isImmediate = readiness instanceof Readiness.Immediate;
        this.look =
                switch (readiness) {
                    case Readiness.Immediate _ -> () -> true;
                    case Readiness.Http http -> () -> answers(http);
                    case Readiness.Port port -> () -> listens(port.port());
                    case Readiness.Log text -> () -> log.continuesWith(text.text());
                };
    }

    /// Whether the last look succeeded; begins another when it did not. Never waits.
    boolean isReady() {
        if (isImmediate || (looking != null && looking.isDone() && succeeded(looking))) {
            return true;
        }
        if (looking == null || looking.isDone()) {
            looking = new FutureTask<>(look);
            Thread.startVirtualThread(looking);
        }
        return false;
    }

    private static boolean succeeded(FutureTask<Boolean> look) {
        return look.state() == FutureTask.State.SUCCESS && look.resultNow();
    }

    private static boolean answers(Readiness.Http http) throws IOException {
        var connection = (HttpURLConnection) http.address().toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        try {
            if (connection.getResponseCode() / 100 != 2) {
                return false;
            }
            try (InputStream body = connection.getInputStream()) {
                return new String(body.readNBytes(BODY_BYTES_MAX), StandardCharsets.UTF_8)
                        .contains(http.contains());
            }
        } finally {
            connection.disconnect();
        }
    }

    private static boolean listens(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        }
    }
}
