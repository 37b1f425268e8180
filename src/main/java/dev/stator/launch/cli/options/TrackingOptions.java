package dev.stator.launch.cli.options;

import dev.stator.routing.load.Tracking;

import picocli.CommandLine.Option;

/// The flags for what of a request is charged to its worker, by Dynamo's names.
public final class TrackingOptions {

    @Option(
            names = "--router-track-active-blocks",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Count the blocks of running prompts (default: true).")
    private boolean activeBlocks = true;

    @Option(
            names = "--router-track-output-blocks",
            negatable = true,
            defaultValue = "false",
            fallbackValue = "true",
            description = "Count produced tokens as decode blocks (default: false).")
    private boolean outputBlocks;

    @Option(
            names = "--router-track-prefill-tokens",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Count prompt tokens that wait for their prefill (default: true).")
    private boolean prefillTokens = true;

    @Option(
            names = "--router-assume-kv-reuse",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Running requests share equal blocks (default: true).")
    private boolean assumesReuse = true;

    @Option(
            names = "--router-active-sequence-stride",
            defaultValue = "1",
            paramLabel = "N",
            description = {
                "Remember one of N blocks of running prompts: less memory, coarser loads",
                "(default: 1)."
            })
    private int sequenceStride = 1;

    @Option(
            names = "--router-prefill-load-model",
            defaultValue = "none",
            paramLabel = "none",
            description = {
                "Taken for command lines of Dynamo: how long prefills take is learned, and no",
                "other model of it can be asked (default: none)."
            })
    private String prefillLoadModel = "none";

    /// @param isLoadOnly whether no reuse is assumed in any case
    Tracking toTracking(boolean isLoadOnly) {
        if (!prefillLoadModel.equals("none")) {
            throw new IllegalArgumentException(
                    "router-prefill-load-model must be none, since it is learned how long prefills"
                            + " take: \"%s\"".formatted(prefillLoadModel));
        }
        boolean isReuseAssumed = assumesReuse && !isLoadOnly;
        return new Tracking(
                activeBlocks, outputBlocks, prefillTokens, isReuseAssumed, sequenceStride);
    }
}
