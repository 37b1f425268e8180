package dev.stator.openai.response;

import dev.stator.tokens.TokenIds;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// How a request was served, as Dynamo tells it in the member `nvext` of a response.
///
/// @param worker its unsigned instance id, if it is told
/// @param rank the rank of the worker
/// @param firstTokenMillis from the request's arrival
/// @param totalMillis the same until now, if times are told
/// @param prompt ids that are told; empty for none
public record ServingDetails(
        OptionalLong worker,
        int rank,
        OptionalDouble firstTokenMillis,
        OptionalDouble totalMillis,
        TokenIds prompt) {

    void append(StringBuilder out) {
        int begin = out.length();
        worker.ifPresent(it -> appendWorker(out, Long.toUnsignedString(it)));
        totalMillis.ifPresent(it -> appendTiming(out, it));
        if (!prompt.isEmpty()) {
            TokenList.append(out.append(",\"token_ids\":"), prompt);
        }
        if (out.length() == begin) {
            out.append('{');
        } else {
            out.setCharAt(begin, '{');
        }
        out.append('}');
    }

    /// One worker does both, so it is named for both.
    private void appendWorker(StringBuilder out, String id) {
        out.append(",\"worker_id\":{\"prefill_worker_id\":").append(id);
        out.append(",\"prefill_dp_rank\":").append(rank);
        out.append(",\"decode_worker_id\":").append(id);
        out.append(",\"decode_dp_rank\":").append(rank).append('}');
    }

    private void appendTiming(StringBuilder out, double total) {
        out.append(",\"timing\":{");
        firstTokenMillis.ifPresent(it -> out.append("\"ttft_ms\":").append(it).append(','));
        out.append("\"total_time_ms\":").append(total).append('}');
    }
}
