package dev.stator.runtime.discovery.file;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Keys and values as files: the first two segments of a key are a folder, the rest is the
/// URL-escaped name of a file in it.
///
/// A file is written under another name and then linked (when it must be new) or renamed, so that
/// nobody reads half of it. One that was not touched for the time to live is nobody's: readers
/// pass over it and delete it.
final class KeyFiles {
    private static final String TEMPORARY = ".tmp_";
    private static final int VALUE_BYTES_MAX = 4 << 20;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final Path root;
    private final Duration ttl;
    private final RandomGenerator random;

    KeyFiles(Path root, Duration ttl, RandomGenerator random) {
        this.root = root;
        this.ttl = ttl;
        this.random = random;
    }

    /// Writes a key that nobody has; returns false when somebody has it.
    boolean create(String key, String value, Instant now) throws IOException {
        Path file = file(key);
        Path temporary = write(key, value, now);
        try {
            deleteStale(file, now);
            Files.createLink(file, temporary);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Writes a key, whoever has it.
    void replace(String key, String value, Instant now) throws IOException {
        Files.move(write(key, value, now), file(key), StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(String key) throws IOException {
        Files.deleteIfExists(file(key));
    }

    /// Keeps a key alive; returns false when it is gone.
    boolean touch(String key, Instant now) throws IOException {
        try {
            Files.setLastModifiedTime(file(key), FileTime.from(now));
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /// The keys that are alive, with their values. Deletes those that are not.
    Map<String, String> read(List<String> buckets, Instant now) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String bucket : buckets) {
            if (Files.isDirectory(root.resolve(bucket))) {
                readBucket(bucket, now, values);
            }
        }
        return values;
    }

    private void readBucket(String bucket, Instant now, Map<String, String> values)
            throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve(bucket))) {
            for (Path file : files) {
                read(file, now).ifPresent(it -> values.put(bucket + "/" + unescape(file), it));
            }
        }
    }

    private Optional<String> read(Path file, Instant now) throws IOException {
        try {
            boolean isValue =
                    Files.isRegularFile(file)
                            && !deleteStale(file, now)
                            && !file.getFileName().toString().startsWith(TEMPORARY)
                            && Files.size(file) <= VALUE_BYTES_MAX;
            return isValue
                    ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private boolean deleteStale(Path file, Instant now) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().plus(ttl).isBefore(now)
                    && Files.deleteIfExists(file);
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private Path write(String key, String value, Instant now) throws IOException {
        Path folder = Files.createDirectories(root.resolve(key.substring(0, nameStart(key))));
        Path temporary = folder.resolve(TEMPORARY + HexFormat.of().toHexDigits(random.nextLong()));
        Files.writeString(temporary, value, StandardOpenOption.CREATE_NEW);
        Files.setLastModifiedTime(temporary, FileTime.from(now));
        return temporary;
    }

    private Path file(String key) {
        int name = nameStart(key);
        return root.resolve(key.substring(0, name)).resolve(escape(key.substring(name)));
    }

    private static int nameStart(String key) {
        return key.indexOf('/', key.indexOf('/') + 1) + 1;
    }

    /// As Dynamo does it: every byte but letters and digits.
    private static String escape(String name) {
        var escaped = new StringBuilder();
        for (byte it : name.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (it & 0xff);
            boolean isPlain = letter < 0x80 && Character.isLetterOrDigit(letter);
            escaped.append(isPlain ? letter : "%" + HEX.toHexDigits(it));
        }
        return escaped.toString();
    }

    private static String unescape(Path file) {
        String name = file.getFileName().toString();
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return name;
        }
    }
}
