package dev.stator.launch.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.util.Map;

class EnvironmentDefaultsTest {

    @ParameterizedTest
    @CsvSource({"1, false", "true, false", "YES, false", "on, false", "0, true", "off, true"})
    void aSwitchIsSetByManyWords(String word, boolean takesExtensions) {
        HttpOptions options = parsed(Map.of("DYN_DISABLE_FRONTEND_NVEXT", word));

        assertThat(options.toConfig().rules().takesExtensions()).isEqualTo(takesExtensions);
    }

    @Test
    void theCommandLineWins() {
        var environment = Map.of("DYN_DISABLE_FRONTEND_NVEXT", "0", "DYN_HTTP_PORT", "9001");
        HttpOptions options =
                parsed(environment, "--disable-frontend-nvext", "--http-port", "9002");

        assertThat(options.toConfig().rules().takesExtensions()).isFalse();
        assertThat(options.toConfig().address().getPort()).isEqualTo(9002);
    }

    private static HttpOptions parsed(Map<String, String> environment, String... arguments) {
        var options = new HttpOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("http", mixin(options)))
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .parseArgs(arguments);
        return options;
    }

    private static CommandLine.Model.CommandSpec mixin(HttpOptions options) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
    }
}
