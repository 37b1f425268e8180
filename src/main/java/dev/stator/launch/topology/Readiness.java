package dev.stator.launch.topology;

import java.net.URI;
import java.time.Duration;

/// How it is known that a process does its work.
public sealed interface Readiness {

    /// From the start of the process until it must be ready.
    Duration within();

    /// The address answers with a status from 200 to 299.
    ///
    /// @param contains what the answer must contain, empty for anything
    record Http(URI address, String contains, Duration within) implements Readiness {}

    /// Something listens on the port of the loopback address.
    record Port(int port, Duration within) implements Readiness {}

    /// Its output contains the text.
    record Log(String text, Duration within) implements Readiness {}

    /// Nothing to wait for.
    record Immediate() implements Readiness {
        @Override
        public Duration within() {
            return Duration.ZERO;
        }
    }
}
