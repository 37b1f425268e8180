package dev.stator.routing.admission;

/// How much of a class waits.
///
/// @param promptTokens of the requests
/// @param cachedTokens those of these prompts that some worker had cached when they came
public record ClassUsage(int requests, long promptTokens, long cachedTokens) {
    static final ClassUsage NOTHING = new ClassUsage(0, 0, 0);

    ClassUsage plus(Applicant applicant) {
        return new ClassUsage(
                requests + 1,
                promptTokens + applicant.promptTokens(),
                cachedTokens + applicant.cachedTokens());
    }

    ClassUsage minus(Applicant applicant) {
        return new ClassUsage(
                requests - 1,
                promptTokens - applicant.promptTokens(),
                cachedTokens - applicant.cachedTokens());
    }
}
