package dev.stator.engine.remote;

import dev.stator.engine.FailureKind;
import dev.stator.testing.ScriptedServer;

import java.util.List;

/// What servers may answer that is no answer.
final class Faults {
    /// Data of events that no server should send; most are of the right shape for one of them.
    static final List<String> GARBAGE =
            List.of(
                    "not json",
                    "{",
                    "[]",
                    "7",
                    "null",
                    "\"text\"",
                    "{}",
                    "{\"choices\": 5, \"stop\": 5, \"meta_info\": 5}",
                    "{\"choices\": [5], \"stop\": \"no\", \"output_ids\": [1], \"meta_info\": {}}",
                    ids("[\"1\"]", 1),
                    ids("[-1]", 1),
                    ids("[4294967296]", 1),
                    ids("[1.5]", 1),
                    ids("null", 9),
                    "[".repeat(5_000));

    static final List<Refusal> REFUSALS =
            List.of(
                    new Refusal(
                            whole(500, "", "<html><h1>Internal Server Error</h1></html>"),
                            FailureKind.INTERNAL,
                            "the engine answered 500: Internal Server Error"),
                    new Refusal(
                            whole(
                                    400,
                                    "",
                                    "{\"error\": {\"message\": \"too hot\", \"code\": 400}}"),
                            FailureKind.INVALID_REQUEST,
                            "too hot"),
                    new Refusal(
                            whole(422, "", "{\"object\": \"error\", \"message\": \"bad\\nfield\"}"),
                            FailureKind.INVALID_REQUEST,
                            "bad field"),
                    new Refusal(
                            whole(413, "", "{\"detail\": [{\"msg\": \"x\"}]}"),
                            FailureKind.INVALID_REQUEST,
                            "[{\"msg\":\"x\"}]"),
                    new Refusal(
                            whole(429, "Retry-After: 7\r\n", "{\"error\": \"slow down\"}"),
                            FailureKind.OVERLOADED,
                            "slow down"),
                    new Refusal(whole(503, "", ""), FailureKind.OVERLOADED, "no message"),
                    new Refusal(
                            whole(401, "", "{\"error\": \"key\"}"),
                            FailureKind.UNAVAILABLE,
                            "the engine answered 401: key"),
                    new Refusal(
                            whole(504, "", "late"),
                            FailureKind.TIMED_OUT,
                            "the engine answered 504: late"),
                    new Refusal(
                            whole(200, "", "{}"),
                            FailureKind.INTERNAL,
                            "the engine answered without a stream"),
                    new Refusal(
                            "HTTP/1.1 200 OK\r\n" + "x-header: abcdefg\r\n".repeat(10_000) + "\r\n",
                            FailureKind.INTERNAL,
                            ""),
                    new Refusal(
                            ScriptedServer.EVENTS_HEAD
                                    + ScriptedServer.chunk("data: " + "x".repeat(9 << 20)),
                            FailureKind.INTERNAL,
                            ""),
                    new Refusal("220 smtp.example.com\r\n", FailureKind.INTERNAL, ""));

    private Faults() {}

    /// An event that is of the right shape for every kind of server, but for its token ids.
    private static String ids(String ids, int total) {
        return """
        {"choices": [{"index": 0, "text": "x", "token_ids": %s}],
        "stop": false, "content": "x", "tokens_predicted": %d, "tokens": %s,
        "output_ids": %s, "meta_info": {"completion_tokens": %d}}\
        """
                .formatted(ids, total, ids, ids, total)
                .replace("\n", " ");
    }

    private static String whole(int status, String header, String body) {
        return ScriptedServer.whole(status, "application/json", body)
                .replaceFirst("\r\n", "\r\n" + header);
    }

    /// An answer in place of a stream, and the failure it stands for.
    record Refusal(String answer, FailureKind kind, String message) {}
}
