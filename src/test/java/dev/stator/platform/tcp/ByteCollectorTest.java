package dev.stator.platform.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;

class ByteCollectorTest {

    @Test
    void takesWhatItNeedsAndNoMore() {
        var collector = new ByteCollector(3);
        ByteBuffer in = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});

        assertThat(collector.fill(in)).isTrue();
        assertThat(collector.take()).containsExactly(1, 2, 3);
        assertThat(in.remaining()).isEqualTo(1);
    }

    @Test
    void collectsFromPieces() {
        var collector = new ByteCollector(3);

        assertThat(collector.fill(ByteBuffer.wrap(new byte[] {1}))).isFalse();
        assertThat(collector.fill(ByteBuffer.allocate(0))).isFalse();
        assertThat(collector.fill(ByteBuffer.wrap(new byte[] {2, 3}))).isTrue();
        assertThat(collector.take()).containsExactly(1, 2, 3);
    }

    @Test
    void collectsMoreThanItBeganWith() {
        int size = 1_000_003;
        var collector = new ByteCollector(size);
        for (int i = 0; i < size; i += 1_000) {
            byte[] piece = new byte[Math.min(1_000, size - i)];
            Arrays.fill(piece, (byte) (i / 1_000));
            collector.fill(ByteBuffer.wrap(piece));
        }
        byte[] whole = collector.take();

        assertThat(whole).hasSize(size);
        for (int i = 0; i < size; i += 1_000) {
            assertThat(whole[i]).isEqualTo((byte) (i / 1_000));
        }
    }

    @Test
    void nothingIsCollectedAtOnce() {
        var collector = new ByteCollector(0);

        assertThat(collector.fill(ByteBuffer.allocate(0))).isTrue();
        assertThat(collector.take()).isEmpty();
    }

    @Test
    void aPartCannotBeTaken() {
        var collector = new ByteCollector(2);
        collector.fill(ByteBuffer.wrap(new byte[] {1}));

        assertThatThrownBy(collector::take)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 of 2");
    }
}
