package dev.stator.launch.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Takes a flag's default from the environment: `--http-port` from `DYN_HTTP_PORT`, as Dynamo does.
final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final String PREFIX = "DYN_";

    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? value(option).orElse(null) : null;
    }

    private Optional<String> value(OptionSpec option) {
        return Optional.ofNullable(environment.get(variable(option.longestName())));
    }

    static String variable(String flag) {
        return PREFIX + flag.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
