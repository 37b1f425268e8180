package dev.stator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.engine.EngineInfo;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class WorkerCardTest {
    private static final WorkerCard CARD =
            new WorkerCard(-1, new EngineInfo("demo", 4096, 16, 2_000, 8_192, 256));

    @Test
    void readsWhatItWrote() {
        assertThat(WorkerCard.parse(CARD.toMetadata())).isEqualTo(CARD);
    }

    @Test
    void usesDynamosNames() {
        assertThat(CARD.toMetadata())
                .containsEntry("display_name", "demo")
                .containsEntry("kv_cache_block_size", "16")
                .containsEntry("total_kv_blocks", "2000")
                .containsEntry("incarnation", "ffffffffffffffff");
    }

    @Test
    void namesTheKeyThatIsWrong() {
        Map<String, String> metadata = new HashMap<>(CARD.toMetadata());
        metadata.put("max_num_seqs", "many");
        assertThatThrownBy(() -> WorkerCard.parse(metadata))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max_num_seqs")
                .hasMessageContaining("many");

        metadata.remove("display_name");
        assertThatThrownBy(() -> WorkerCard.parse(metadata)).hasMessageContaining("display_name");
    }
}
