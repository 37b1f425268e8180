package dev.stator.launch.cli;

/// The program. `./stator COMMAND …` ends here.
public final class Stator {
    private Stator() {}

    public static void main(String[] arguments) {
        System.exit(StatorCommand.run(arguments));
    }
}
