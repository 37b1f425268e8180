package dev.stator.openai.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

class DetailedWriterTest {
    private static final ResponseWriter PLAIN =
            new ChatWriter(new Heading("id", 1, "m"), false, false, TokenIds.EMPTY);

    @Test
    void theLastChunkSaysHowItWasServed() {
        var details =
                new ServingDetails(
                        OptionalLong.of(-1),
                        2,
                        OptionalDouble.of(1.5),
                        OptionalDouble.of(20),
                        TokenIds.of(7, 8));
        var out = new StringBuilder();
        new DetailedWriter(PLAIN, () -> details).appendFinish(out, 0, "stop");

        assertThat(out)
                .endsWith(
                        """
                        "finish_reason":"stop"}],"nvext":{"worker_id":\
                        {"prefill_worker_id":18446744073709551615,"prefill_dp_rank":2,\
                        "decode_worker_id":18446744073709551615,"decode_dp_rank":2},\
                        "timing":{"ttft_ms":1.5,"total_time_ms":20.0},"token_ids":[7,8]}}\
                        """);
    }

    @Test
    void theWholeDoesTooAndMayKnowNothing() {
        var nothing =
                new ServingDetails(
                        OptionalLong.empty(),
                        0,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        TokenIds.EMPTY);
        var plain = new StringBuilder();
        var out = new StringBuilder();
        var usage = new Usage(1, 0, 1, 0);
        PLAIN.appendWhole(plain, List.of(), usage);
        new DetailedWriter(PLAIN, () -> nothing).appendWhole(out, List.of(), usage);

        plain.setLength(plain.length() - 1);
        assertThat(out.toString()).isEqualTo(plain + ",\"nvext\":{}}");
    }
}
