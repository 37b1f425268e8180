package dev.stator.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

class ChatCompletionTest {

    @Test
    void aWholeAnswerHasTheTextTheReasonAndTheCounts() throws Exception {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("Grüße, Welt"))) {
            HttpResponse<String> response = frontend.chat(TestFrontend.body(""));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(response.body())
                    .matches(
                            "\\{\"id\":\"chatcmpl-[0-9a-f]{32}\",\"object\":\"chat.completion\","
                                    + "\"created\":[0-9]+,\"model\":\"test\",\"choices\":\\[.*")
                    .endsWith(
                            """
                            "choices":[{"index":0,"message":{"role":"assistant",\
                            "content":"Grüße, Welt","refusal":null},"logprobs":null,\
                            "finish_reason":"stop"}],"usage":{"prompt_tokens":3,\
                            "completion_tokens":14,"total_tokens":17,\
                            "prompt_tokens_details":{"cached_tokens":3},\
                            "completion_tokens_details":{"reasoning_tokens":0}}}\
                            """);
        }
    }

    @Test
    void cachedTokensThatAnEngineCountsOnlyAtItsEndAreCounted() throws Exception {
        var late =
                new ScriptedEngine(
                        play -> {
                            play.start();
                            play.say("a");
                            play.stopHavingCached(11);
                        });
        try (var frontend = new TestFrontend(late)) {
            assertThat(frontend.chat(TestFrontend.body("")).body())
                    .contains("\"prompt_tokens_details\":{\"cached_tokens\":11}");
        }
    }

    @Test
    void aStreamIsTheSameAnswerInEvents() throws Exception {
        try (var frontend = new TestFrontend(ScriptedEngine.saying("né"))) {
            HttpResponse<String> response =
                    frontend.chat(
                            TestFrontend.body(
                                    ",\"stream\":true,"
                                            + "\"stream_options\":{\"include_usage\":true}"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type"))
                    .hasValue("text/event-stream; charset=utf-8");
            String golden = response.body().replaceAll("chatcmpl-[0-9a-f]{32}", "ID");
            assertThat(golden.replaceAll("\"created\":[0-9]+", "\"created\":0"))
                    .isEqualTo(
                            """
                            data: {"id":"ID",@{"index":0,"delta":{"role":"assistant",\
                            "content":""},"logprobs":null,"finish_reason":null}],"usage":null}

                            data: {"id":"ID",@{"index":0,"delta":{"content":"n"},\
                            "logprobs":null,"finish_reason":null}],"usage":null}

                            data: {"id":"ID",@{"index":0,"delta":{"content":"é"},\
                            "logprobs":null,"finish_reason":null}],"usage":null}

                            data: {"id":"ID",@{"index":0,"delta":{},\
                            "logprobs":null,"finish_reason":"stop"}],"usage":null}

                            data: {"id":"ID",@],"usage":{"prompt_tokens":3,\
                            "completion_tokens":4,"total_tokens":7,\
                            "prompt_tokens_details":{"cached_tokens":3},\
                            "completion_tokens_details":{"reasoning_tokens":0}}}

                            data: [DONE]

                            """
                                    .replace(
                                            "@",
                                            "\"object\":\"chat.completion.chunk\",\"created\":0,"
                                                    + "\"model\":\"test\",\"choices\":["));
        }
    }
}
