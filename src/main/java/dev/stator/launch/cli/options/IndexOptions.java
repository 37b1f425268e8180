package dev.stator.launch.cli.options;

import dev.stator.kv.index.packed.PackedPrefixIndex;
import dev.stator.launch.fleet.CacheKnowledge;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// The flag for what a prefix index may take.
public final class IndexOptions {

    @Option(
            names = "--kv-index-bytes-max",
            paramLabel = "N",
            description = {
                "What a model's prefix index may take; the least recently used leaves first",
                "(default: a quarter of the heap)."
            })
    private @Nullable Long bytesMax;

    /// Throws `IllegalArgumentException` when it is too small.
    public long bytesMax() {
        long bytes = bytesMax == null ? CacheKnowledge.INDEX_BYTES_MAX : bytesMax;
        if (bytes < PackedPrefixIndex.BYTES_MAX_LEAST) {
            throw new IllegalArgumentException(
                    "kv-index-bytes-max must be at least %d: %d"
                            .formatted(PackedPrefixIndex.BYTES_MAX_LEAST, bytes));
        }
        return bytes;
    }
}
