package dev.stator.launch.processes;

import dev.stator.launch.topology.TopologyException;
import dev.stator.platform.codec.Json;
import dev.stator.platform.codec.JsonException;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonLimits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where the runs of one topology leave their state, their logs and what their processes write.
public final class StateFolder {
    private static final String STATE = "state.json";

    private final Path folder;

    /// @param base of all topologies, as in `.stator`
    public StateFolder(Path base, String topology) {
        this.folder = base.toAbsolutePath().normalize().resolve(topology);
    }

    /// Every topology below `base` that has a state.
    public static List<StateFolder> all(Path base) throws IOException {
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(base)) {
            return folders.filter(it -> Files.exists(it.resolve(STATE)))
                    .map(it -> new StateFolder(base, it.getFileName().toString()))
                    .sorted((a, b) -> a.folder.compareTo(b.folder))
                    .toList();
        }
    }

    /// The name of the topology.
    public String topology() {
        return String.valueOf(folder.getFileName());
    }

    /// What the last run left, unless it was stopped in good order.
    public Optional<RunState> read() {
        Path file = folder.resolve(STATE);
        try {
            return Optional.of(
                    RunState.from(
                            JsonField.root(
                                    Json.parse(
                                            Files.readAllBytes(file), JsonLimits.CONFIGURATION))));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | JsonException | JsonFieldException e) {
            throw new TopologyException("cannot read the state in " + file + ": " + e.getMessage());
        }
    }

    void write(RunState state) throws IOException {
        Path next = folder.resolve(STATE + ".next");
        Files.writeString(next, Json.write(state.toJson()));
        Files.move(
                next,
                folder.resolve(STATE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    public void forget() throws IOException {
        Files.deleteIfExists(folder.resolve(STATE));
    }

    /// Keeps others from starting the same topology until the lock is closed; nothing when another
    /// has it.
    Optional<FileChannel> lock() throws IOException {
        Files.createDirectories(folder);
        FileChannel file =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return Optional.of(file); // closing the file gives the lock back
            }
        } catch (OverlappingFileLockException _) {
            // another of this JVM has it
        }
        file.close();
        return Optional.empty();
    }

    Path log(String process) {
        return folder.resolve(process + ".log");
    }

    public Path scratch() {
        return folder.resolve("scratch");
    }

    /// Gives the process an empty folder.
    void clearScratch(String process) throws IOException {
        Path own = scratch().resolve(process);
        if (Files.exists(own)) {
            try (Stream<Path> files = Files.walk(own)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(StateFolder::delete);
            }
        }
        Files.createDirectories(own);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
