package dev.stator.launch.cli.options;

import dev.stator.launch.policy.PolicyFile;
import dev.stator.routing.admission.AdmissionConfig;
import dev.stator.routing.admission.policy.PolicyProfile;
import dev.stator.routing.admission.policy.QueuePolicy;
import dev.stator.routing.eligibility.BusyThresholds;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The flags for when requests wait or are refused, by Dynamo's names where it has them.
public final class AdmissionOptions {

    @Option(
            names = "--router-queue-threshold",
            paramLabel = "F",
            description = {
                "Requests wait while every worker has more prefill tokens booked than F of its",
                "largest batch; 0.0 is most sensitive (default: they never wait)."
            })
    private @Nullable Double queueThreshold;

    @Option(
            names = "--router-queue-policy",
            defaultValue = "fcfs",
            paramLabel = "POLICY",
            description = "Their order within a tier: fcfs, wspt or lcfs (default: fcfs).")
    private String queuePolicy = "fcfs";

    @Option(
            names = "--router-policy-config",
            paramLabel = "FILE",
            description = {
                "YAML with classes of requests, each with its own queue, limits and share,",
                "in place of the two flags above."
            })
    private @Nullable Path policyFile;

    @Option(
            names = "--router-queue-requests-max",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Requests that may wait at once (default: 4096).")
    private int queueRequests;

    @Option(
            names = "--router-queue-tokens-max",
            defaultValue = "16000000",
            paramLabel = "N",
            description = "Prompt tokens that may wait at once (default: 16000000).")
    private long queueTokens;

    @Option(
            names = "--router-queue-wait-max-secs",
            defaultValue = "60",
            paramLabel = "S",
            description = "How long a request may wait (default: 60).")
    private long queueSeconds;

    @Option(
            names = "--router-queue-quantum-tokens",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Uncached tokens of a tenant before the next one's turn (default: 4096).")
    private long queueQuantum;

    @Option(
            names = "--active-decode-blocks-threshold",
            paramLabel = "F",
            description = {
                "A worker with more than F of its KV blocks in use gets no request; when all are",
                "so, requests are refused (default: never)."
            })
    private @Nullable Double busyBlocks;

    @Option(
            names = "--active-prefill-tokens-threshold",
            paramLabel = "N",
            description = "The same with more than N prefill tokens booked (default: never).")
    private @Nullable Long busyTokens;

    @Option(
            names = "--active-prefill-tokens-threshold-frac",
            paramLabel = "F",
            description = {
                "The same with more prefill tokens booked than F of its largest batch",
                "(default: never)."
            })
    private @Nullable Double busyFraction;

    /// What the policy file says, if there is one.
    Optional<PolicyFile> policies() {
        return Optional.ofNullable(policyFile).map(PolicyFile::read);
    }

    AdmissionConfig toConfig(Optional<PolicyProfile> profile) {
        PolicyProfile single =
                PolicyProfile.single(optional(queueThreshold), QueuePolicy.parse(queuePolicy));
        return new AdmissionConfig(
                profile.orElse(single),
                queueRequests,
                queueTokens,
                Duration.ofSeconds(queueSeconds),
                queueQuantum);
    }

    BusyThresholds busy() {
        return new BusyThresholds(
                optional(busyBlocks),
                busyTokens == null ? OptionalLong.empty() : OptionalLong.of(busyTokens),
                optional(busyFraction));
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
