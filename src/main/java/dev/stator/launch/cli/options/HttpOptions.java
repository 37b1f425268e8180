package dev.stator.launch.cli.options;

import dev.stator.frontend.FrontendConfig;
import dev.stator.frontend.RequestRules;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// The flags of the HTTP side.
public final class HttpOptions {

    @Option(
            names = "--http-host",
            defaultValue = "0.0.0.0",
            paramLabel = "HOST",
            description = "Address to listen on (default: 0.0.0.0).")
    private String host = "0.0.0.0";

    @Option(
            names = "--http-port",
            defaultValue = "8000",
            paramLabel = "PORT",
            description = "Port to listen on, 0 for a free one (default: 8000).")
    private int port;

    @Option(
            names = "--metrics-prefix",
            defaultValue = "dynamo_frontend",
            paramLabel = "PREFIX",
            description = "Begins every name on /metrics (default: dynamo_frontend).")
    private String metricsPrefix = "dynamo_frontend";

    @Option(
            names = "--disable-frontend-nvext",
            description = "Ignore the request member nvext and the headers x-dynamo-….")
    private boolean ignoresExtensions;

    @Option(
            names = "--disable-frontend-admin-api",
            description = "Leave out /busy_threshold, which changes when workers are busy.")
    private boolean isUnadministered;

    @Option(
            names = "--request-timeout-secs",
            paramLabel = "S",
            description = "How long a request may take at most (default: no limit).")
    private @Nullable Long timeoutSeconds;

    @Option(
            names = "--http-sse-keep-alive-interval-ms",
            defaultValue = "15000",
            paramLabel = "MS",
            description = {
                "A stream without output for so long gets a comment; 0 for never",
                "(default: 15000)."
            })
    private long keepAliveMillis;

    public FrontendConfig toConfig() {
        return FrontendConfig.on(new InetSocketAddress(host, port))
                .withAdministered(!isUnadministered)
                .withRules(
                        new RequestRules(
                                !ignoresExtensions,
                                timeoutSeconds == null
                                        ? Optional.empty()
                                        : Optional.of(Duration.ofSeconds(timeoutSeconds)),
                                Duration.ofMillis(keepAliveMillis)));
    }

    public String metricsPrefix() {
        return metricsPrefix;
    }
}
