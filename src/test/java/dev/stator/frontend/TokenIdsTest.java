package dev.stator.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.engine.simulated.TimingModel;
import dev.stator.engine.simulated.TokenRange;
import dev.stator.tokens.TokenIds;

import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class TokenIdsTest {
    private static final Pattern TOKENS = Pattern.compile("\"token_ids\":\\[([0-9,]+)]");
    private static final TokenRange LETTERS = new TokenRange('a', 26);

    @Test
    void aStreamNamesEveryTokenThatTheEngineProduced() throws Exception {
        try (var engine = SimulatedEngines.open(4, TimingModel.INSTANT);
                var frontend = new TestFrontend(engine)) {
            String body =
                    "{\"model\":\"test\",\"prompt\":[5,6,7],\"stream\":true,\"seed\":9,"
                            + "\"max_tokens\":12,\"return_token_ids\":true}";
            String stream =
                    frontend.send(
                                    HttpRequest.newBuilder(frontend.uri("/v1/completions"))
                                            .POST(BodyPublishers.ofString(body)))
                            .body();

            var expected = new SelfVerifyingTokens(TokenIds.of(5, 6, 7), 9, LETTERS);
            Matcher found = TOKENS.matcher(stream);
            for (int i = 0; i < 12; i++) {
                assertThat(found.find()).isTrue();
                assertThat(found.group(1)).isEqualTo("" + expected.next());
            }
            assertThat(found.find()).isFalse();
            assertThat(stream).doesNotContain("prompt_token_ids");
        }
    }

    @Test
    void theTokensOfAConversationAreNamedBecauseTheClientCannotKnowThem() throws Exception {
        try (var engine = SimulatedEngines.open(4, TimingModel.INSTANT);
                var frontend = new TestFrontend(engine)) {
            String asked = ",\"max_tokens\":2,\"return_token_ids\":true";

            assertThat(frontend.chat(TestFrontend.body(asked)).body())
                    .contains("\"prompt_token_ids\":[104,105,10]");
            assertThat(frontend.chat(TestFrontend.body(",\"max_tokens\":2")).body())
                    .doesNotContain("token_ids");
        }
    }
}
