package dev.stator.launch.cli.options;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Takes a flag's default from the environment: `--http-port` from `DYN_HTTP_PORT`, as Dynamo does.
public final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final String PREFIX = "DYN_";

    /// Flags whose variables have names of their own.
    private static final Map<String, String> OWN_NAMES =
            Map.of(
                    "--etcd-endpoints", "ETCD_ENDPOINTS",
                    "--nats-server", "NATS_SERVER",
                    "--load-aware", "DYN_ROUTER_LOAD_AWARE",
                    "--router-kv-events", "DYN_ROUTER_USE_KV_EVENTS");

    private final Map<String, String> environment;

    public EnvironmentDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? value(option).orElse(null) : null;
    }

    private Optional<String> value(OptionSpec option) {
        Optional<String> value =
                Optional.ofNullable(environment.get(variable(option.longestName())));
        return option.typeInfo().isBoolean() ? value.map(EnvironmentDefaults::truth) : value;
    }

    /// A switch may be set by more words than a flag takes.
    private static String truth(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "yes", "on" -> "true";
            case "0", "no", "off", "" -> "false";
            default -> value;
        };
    }

    static String variable(String flag) {
        String own = OWN_NAMES.get(flag);
        return own != null
                ? own
                : PREFIX + flag.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
