package dev.stator.launch.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.launch.engines.EngineSetup;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class ModelOptionsTest {

    @Test
    void adaptersAreNamedAsVllmNamesThem() {
        EngineSetup setup =
                parse(
                        "--engine=simulated",
                        "--lora-modules",
                        "sql",
                        "law=/adapters/a=b",
                        "--lora=art",
                        "--page-size=32");

        assertThat(setup.adapters()).containsExactlyInAnyOrder("sql", "law", "art");
        assertThat(setup.pageSizeTokens()).isEqualTo(32);
        assertThat(parse("--engine=simulated").adapters()).isEmpty();
    }

    @Test
    void anEngineThatCannotAdaptItsModelIsToldNoAdapters() {
        assertThatThrownBy(() -> parse("--engine=cpu", "--lora=sql"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lora-modules needs an engine that can adapt its model");
    }

    private static EngineSetup parse(String... arguments) {
        var options = new ModelOptions();
        new CommandLine(
                        CommandSpec.create()
                                .addMixin("model", CommandSpec.forAnnotatedObject(options)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(arguments);
        return options.toSetup(1);
    }
}
