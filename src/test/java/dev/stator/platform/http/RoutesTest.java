package dev.stator.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoutesTest {
    private static final HttpHandler FIRST = exchange -> {};
    private static final HttpHandler SECOND = exchange -> {};

    private final Routes routes =
            Routes.builder()
                    .add("GET", "/v1/models", FIRST)
                    .add("GET", "/v1/models/*", SECOND)
                    .add("POST", "/v1/chat", FIRST)
                    .add("GET", "/v1/chat", SECOND)
                    .build();

    @Test
    void anExactPathWins() {
        assertThat(routes.match("/v1/models").orElseThrow().handler("GET")).contains(FIRST);
    }

    @Test
    void anOpenPathTakesWhateverIsBelowItSlashesIncluded() {
        Routes.Match match = routes.match("/v1/models/Qwen/Qwen3-0.6B").orElseThrow();

        assertThat(match.handler("GET")).contains(SECOND);
        assertThat(match.prefix()).isEqualTo("/v1/models/");
        assertThat(routes.match("/v1/models/")).isEmpty();
        assertThat(routes.match("/v1/modelsX")).isEmpty();
        assertThat(routes.match("no-slash")).isEmpty();
    }

    @Test
    void headIsAnsweredByWhatAnswersGet() {
        Routes.Match match = routes.match("/v1/chat").orElseThrow();

        assertThat(match.handler("HEAD")).contains(SECOND);
        assertThat(match.handler("DELETE")).isEmpty();
        assertThat(match.allowed()).isEqualTo("GET, POST, HEAD, OPTIONS");
    }

    @Test
    void twoHandlersForOneRouteAreRefused() {
        var builder = Routes.builder().add("GET", "/a", FIRST);

        assertThatThrownBy(() -> builder.add("GET", "/a", SECOND))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two routes for GET /a");
    }
}
