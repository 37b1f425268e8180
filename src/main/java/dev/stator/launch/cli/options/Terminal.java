package dev.stator.launch.cli.options;

/// Who reads what a command prints.
public final class Terminal {
    private Terminal() {}

    /// Whether a person watches, rather than a file or a pipe.
    @SuppressWarnings("SystemConsoleNull") // it is null when standard input is no terminal
    public static boolean isWatched() {
        return System.console() != null && System.console().isTerminal();
    }
}
