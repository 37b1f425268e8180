package dev.stator.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.stream.LongStream;

/// The vectors were computed with the xxHash reference implementation from the rules of Dynamo 1.4.
class BlockHasherTest {
    private static final TokenIds ONE_TO_TWELVE =
            TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

    @Test
    void hashesEveryCompleteBlockWithAndWithoutHistory() {
        TokenBlocks blocks = new BlockHasher(4, CacheNamespace.SHARED).hash(ONE_TO_TWELVE);

        assertThat(blocks.count()).isEqualTo(3);
        assertThat(blocks.blockHash(0)).isEqualTo(0xcb38e4d7fb2dca5cL);
        assertThat(blocks.blockHash(1)).isEqualTo(0xe8d3ec39b907b74cL);
        assertThat(blocks.blockHash(2)).isEqualTo(0x06b748f1777d599cL);
        assertThat(blocks.sequenceHash(0)).isEqualTo(0xcb38e4d7fb2dca5cL);
        assertThat(blocks.sequenceHash(1)).isEqualTo(0x44a2b2379d6d3c3dL);
        assertThat(blocks.sequenceHash(2)).isEqualTo(0xaea1e67a6c80cf84L);
    }

    @ParameterizedTest
    @CsvSource({
        "my-lora, '', d97c824a0d4bdab1",
        "'', tenant-a, 4fa3e8097233e995",
        "my-lora, tenant-a, 55754b59eba4a7e7"
    })
    void loraAndSaltChangeTheSeed(String lora, String salt, String expected) {
        TokenBlocks blocks = new BlockHasher(4, new CacheNamespace(lora, salt)).hash(ONE_TO_TWELVE);

        assertThat(new BlockHash(blocks.blockHash(0))).hasToString(expected);
    }

    @Test
    void objectsOfABlockChangeItsHashInAnyOrder() {
        var hasher = new BlockHasher(4, CacheNamespace.SHARED);
        long image = 0x1122334455667788L;
        long other = -2; // larger, as it is unsigned

        assertThat(hasher.blockHash(ONE_TO_TWELVE, 0, new long[] {image}))
                .isEqualTo(0xa11d524219adb93aL);
        assertThat(hasher.blockHash(ONE_TO_TWELVE, 0, new long[] {other, image}))
                .isEqualTo(hasher.blockHash(ONE_TO_TWELVE, 0, new long[] {image, other}))
                .isEqualTo(0x6b44dfcacd76ba12L);
        assertThat(hasher.blockHash(ONE_TO_TWELVE, 4, new long[0])).isEqualTo(0xe8d3ec39b907b74cL);
    }

    @Test
    void textsNameObjects() {
        assertThat(BlockHasher.textHash("my-lora")).isEqualTo(0xb2041cc45cbcf9a4L);
    }

    @Test
    void hashesSixteenTokenBlocks() {
        TokenIds tokens = TokenIds.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

        assertThat(new BlockHasher(16, CacheNamespace.SHARED).hash(tokens).blockHash(0))
                .isEqualTo(0xd47a8f41c833328aL);
    }

    @Test
    void aTailThatFillsNoBlockIsDropped() {
        var hasher = new BlockHasher(5, CacheNamespace.SHARED);

        assertThat(hasher.hash(ONE_TO_TWELVE)).isEqualTo(hasher.hash(ONE_TO_TWELVE.slice(0, 10)));
        assertThat(hasher.hash(TokenIds.EMPTY).count()).isZero();
    }

    @Test
    void blockHashesAloneMakeTheSameBlocks() {
        TokenBlocks blocks = new BlockHasher(4, CacheNamespace.SHARED).hash(ONE_TO_TWELVE);
        long[] hashes = {blocks.blockHash(0), blocks.blockHash(1), blocks.blockHash(2)};

        assertThat(TokenBlocks.of(4, hashes)).isEqualTo(blocks);
        assertThatThrownBy(() -> TokenBlocks.of(0, hashes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    /// Recorded by `tools/golden/tokens/record.py`.
    @ParameterizedTest
    @CsvFileSource(
            resources = "/dev/stator/golden/tokens/block-hashes.csv",
            numLinesToSkip = 1,
            delimiter = ';')
    void agreesWithTheReference(String row) {
        String[] field = row.split(",", -1);
        int blockSize = Integer.parseInt(field[0]);
        var namespace = new CacheNamespace(field[1], field[2]);
        int block = Integer.parseInt(field[3]);
        TokenIds tokens =
                TokenIds.of(
                        LongStream.range(0, 3L * blockSize)
                                .mapToInt(i -> (int) ((7919 * i * i + 31 * i) % 151_936))
                                .toArray());
        var hasher = new BlockHasher(blockSize, namespace);
        TokenBlocks blocks = hasher.hash(tokens);

        assertThat(new BlockHash(blocks.blockHash(block))).hasToString(field[4]);
        assertThat(new SequenceHash(blocks.sequenceHash(block))).hasToString(field[5]);
        assertThat(hasher.blockHash(tokens, block * blockSize)).isEqualTo(blocks.blockHash(block));
    }
}
