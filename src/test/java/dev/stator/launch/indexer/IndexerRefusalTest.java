package dev.stator.launch.indexer;

import static dev.stator.launch.indexer.ServedIndex.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.testing.RawHttp.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;

/// What the index does not take, and what it says then.
class IndexerRefusalTest {
    private ServedIndex index;

    @BeforeEach
    void start() throws IOException {
        index = new ServedIndex();
    }

    @AfterEach
    void stop() {
        index.close();
    }

    @Test
    void contradictingRegistrationsAreRefused() throws IOException {
        String endpoint = "tcp://127.0.0.1:" + ServedIndex.freePort();
        String same = "\"instance_id\": 1";
        index.register(endpoint, same);

        assertThat(index.register(endpoint, same).status()).as("the same again").isEqualTo(201);
        assertRefused(
                index.register("tcp://127.0.0.1:1", same),
                409,
                "'endpoint' differs",
                "127.0.0.1:1");
        assertRefused(
                index.post(
                        "/register",
                        """
                        {"instance_id": 2, "endpoint": "%s", "model_name": "m", "block_size": 16}
                        """
                                .formatted(endpoint)),
                400,
                "'block_size' must be 4",
                "16");
        assertThat(root(index.get("/workers")).items()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    register | {                                            | 400 | line 1
                    register | []                                           | 400 | an object
                    register | {"instance_id": 1}                           | 400 | 'model_name'
                    register | {"model_name": ""}                           | 400 | model_name
                    register | {"model_name": 5}                            | 400 | 'model_name'
                    register | {"model_name": "m", "routing_group": "a:b"}  | 400 | "a:b"
                    register | {"model_name": "m"}                          | 400 | 'instance_id'
                    register | {"model_name": "m", "instance_id": -1}       | 400 | -1
                    register | {"model_name": "m", "instance_id": 1, "dp_rank": -2} | 400 | -2
                    register | {"model_name": "m", "instance_id": 1, "block_size": 0} | 400 | 0
                    query    | {"token_ids": [1]}                           | 400 | 'model_name'
                    query    | {"model_name": "nobody", "token_ids": [1]}   | 404 | nobody
                    query    | {"model_name": "m"}                          | 400 | 'token_ids'
                    query    | {"model_name": "m", "token_ids": [1, -2]}    | 400 | token_ids[1]
                    query_by_hash | {"model_name": "m"}                     | 400 | 'block_hashes'
                    query_by_hash | {"model_name": "m", "block_hashes": ["x"]} | 400 | "x"
                    query_by_hash | {"model_name": "m", "cache_salt": "s"}  | 400 | 'cache_salt'
                    unregister | {"model_name": "m", "instance_id": 99}     | 404 | 99
                    unregister | {"model_name": "x", "instance_id": 1}      | 404 | 1
                    unregister | {"model_name": "m"}                        | 400 | 'instance_id'
                    nowhere  | {}                                           | 404 | nowhere
                    """)
    void wrongInputIsRefusedByFieldAndValue(String path, String body, int status, String expected)
            throws IOException {
        index.register("tcp://127.0.0.1:" + ServedIndex.freePort(), "\"instance_id\": 1");

        assertRefused(index.post("/" + path, body), status, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://*:5557",
        "tcp://host:0",
        "tcp://host",
        "http://host:80",
        "inproc://here",
        "''"
    })
    void anEndpointThatCannotBeReachedIsRefused(String endpoint) throws IOException {
        assertRefused(
                index.register(endpoint, "\"instance_id\": 1"),
                400,
                "'endpoint'",
                '"' + endpoint + '"');
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws IOException {
        assertRefused(index.post("/query", " ".repeat((8 << 20) + 1)), 413, "");
    }

    @Test
    void noMoreRanksThanTheLimitAreFollowed() {
        var limits = new IndexerLimits(1, Long.MAX_VALUE, Duration.ofSeconds(1));
        try (var registry = new IndexRegistry(new IndexerMetrics(), limits)) {
            var key = new IndexKey("m", IndexKey.DEFAULT_GROUP);
            registry.register(Registration.parse("1=tcp://127.0.0.1:1", key, 4));

            assertThatThrownBy(
                            () ->
                                    registry.register(
                                            Registration.parse("2=tcp://127.0.0.1:1", key, 4)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("1 ranks");
        }
    }

    private static void assertRefused(Answer answer, int status, String... parts) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(root(answer).members()).containsOnlyKeys("error");
        assertThat(root(answer).get("error").string()).contains(parts);
    }
}
