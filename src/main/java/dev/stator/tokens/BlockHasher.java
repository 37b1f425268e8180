package dev.stator.tokens;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/// Cuts token sequences into blocks and hashes them exactly as Dynamo does, so that blocks that one
/// system announces are recognised by the other.
///
/// ```
/// seed         = 1337 + xxh3(lora name) + xxh3(cache salt, seed 1)      (absent parts add nothing)
/// block hash   = xxh3(ids as LE32, seed)
/// sequence[0]  = block[0]
/// sequence[i]  = xxh3(LE64(sequence[i-1]) LE64(block[i]), 1337)
/// ```
///
/// A block that shows objects, such as images, appends their hashes, ascending, as LE64 to its ids.
///
/// Immutable and thread-safe.
public final class BlockHasher {
    private static final long SEED = 1337;
    private static final long SALT_SEED = 1;

    private static final VarHandle LITTLE_ENDIAN_INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LITTLE_ENDIAN_LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final Hasher64 CHAIN_HASHER = Hashing.xxh3_64(SEED);

    private final int blockSizeTokens;
    private final Hasher64 blockHasher;

    /// Throws `IllegalArgumentException` unless the block size is positive.
    public BlockHasher(int blockSizeTokens, CacheNamespace namespace) {
        if (blockSizeTokens < 1) {
            throw new IllegalArgumentException("block size must be positive: " + blockSizeTokens);
        }
        this.blockSizeTokens = blockSizeTokens;
        this.blockHasher = Hashing.xxh3_64(seed(namespace));
    }

    public int blockSizeTokens() {
        return blockSizeTokens;
    }

    /// The hashes of all complete blocks of `tokens`.
    public TokenBlocks hash(TokenIds tokens) {
        int count = tokens.size() / blockSizeTokens;
        long[] blockHashes = new long[count];
        long[] sequenceHashes = new long[count];
        byte[] bytes = new byte[blockSizeTokens * Integer.BYTES];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < blockSizeTokens; j++) {
                int id = tokens.get(i * blockSizeTokens + j);
                LITTLE_ENDIAN_INTS.set(bytes, j * Integer.BYTES, id);
            }
            blockHashes[i] = blockHasher.hashBytesToLong(bytes);
            sequenceHashes[i] =
                    i == 0 ? blockHashes[0] : chain(sequenceHashes[i - 1], blockHashes[i]);
        }
        return new TokenBlocks(blockSizeTokens, blockHashes, sequenceHashes);
    }

    /// The hash of the block that starts at token `start`.
    public long blockHash(TokenIds tokens, int start) {
        int[] ids = new int[blockSizeTokens];
        tokens.copyTo(start, ids, 0, blockSizeTokens);
        return blockHash(ids, 0);
    }

    /// The hash of the block that starts at `ids[start]`.
    public long blockHash(int[] ids, int start) {
        byte[] bytes = new byte[blockSizeTokens * Integer.BYTES];
        for (int i = 0; i < blockSizeTokens; i++) {
            LITTLE_ENDIAN_INTS.set(bytes, i * Integer.BYTES, ids[start + i]);
        }
        return blockHasher.hashBytesToLong(bytes);
    }

    /// The hash of a block that also shows the given objects, such as images, each named by a hash;
    /// their order does not matter.
    public long blockHash(TokenIds tokens, int start, long[] objects) {
        int[] ids = new int[blockSizeTokens];
        tokens.copyTo(start, ids, 0, blockSizeTokens);
        byte[] bytes = new byte[blockSizeTokens * Integer.BYTES + objects.length * Long.BYTES];
        for (int i = 0; i < blockSizeTokens; i++) {
            LITTLE_ENDIAN_INTS.set(bytes, i * Integer.BYTES, ids[i]);
        }
        long[] sorted =
                LongStream.of(objects)
                        .boxed()
                        .sorted(Long::compareUnsigned)
                        .mapToLong(Long::longValue)
                        .toArray();
        for (int i = 0; i < sorted.length; i++) {
            int at = blockSizeTokens * Integer.BYTES + i * Long.BYTES;
            LITTLE_ENDIAN_LONGS.set(bytes, at, sorted[i]);
        }
        return blockHasher.hashBytesToLong(bytes);
    }

    /// The hash by which a text names an object of a block.
    public static long textHash(String text) {
        return Hashing.xxh3_64().hashBytesToLong(utf8(text));
    }

    /// The sequence hash of a block below a parent block.
    public static long chain(long parentSequenceHash, long blockHash) {
        return CHAIN_HASHER.hashLongLongToLong(parentSequenceHash, blockHash);
    }

    private static long seed(CacheNamespace namespace) {
        long seed = SEED;
        if (!namespace.loraName().isEmpty()) {
            seed += Hashing.xxh3_64().hashBytesToLong(utf8(namespace.loraName()));
        }
        if (!namespace.cacheSalt().isEmpty()) {
            seed += Hashing.xxh3_64(SALT_SEED).hashBytesToLong(utf8(namespace.cacheSalt()));
        }
        return seed;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
