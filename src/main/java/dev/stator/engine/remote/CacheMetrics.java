package dev.stator.engine.remote;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The KV cache of a vLLM server, as the labels of `vllm:cache_config_info` in its metrics say.
///
/// @param totalBlocks of all its engines together
record CacheMetrics(OptionalInt blockSizeTokens, OptionalInt totalBlocks) {
    private static final String METRIC = "vllm:cache_config_info{";
    private static final Pattern LABEL =
            Pattern.compile("[{,](block_size|num_gpu_blocks)=\"([0-9]{1,9})\"");

    /// Reads Prometheus' text format; what is not there is empty.
    static CacheMetrics read(String metrics) {
        OptionalInt size = OptionalInt.empty();
        int blocks = 0;
        for (String line : metrics.lines().filter(it -> it.startsWith(METRIC)).toList()) {
            Matcher label = LABEL.matcher(line);
            while (label.find()) {
                int value = Integer.parseInt(label.group(2));
                if (label.group(1).equals("num_gpu_blocks")) {
                    blocks += value;
                } else if (value > 0) {
                    size = OptionalInt.of(value);
                }
            }
        }
        return new CacheMetrics(size, blocks > 0 ? OptionalInt.of(blocks) : OptionalInt.empty());
    }
}
