package dev.stator.routing.load;

/// How fast a usual worker is, as learned so far.
///
/// ```
/// prefill of n tokens behind c cached ones  = fixed + n · perToken + n · (n + 2c) · perPair
/// one token beside r - 1 other requests     = tokenFixed + r · tokenPerRequest
/// ```
///
/// The last term of the prefill is attention: n(n + 2c) = (n + c)² - c², as the FLOP formula
/// of the Mooncake paper (FAST 2025) has it.
///
/// @param fixedSeconds per prefill
/// @param perTokenSeconds per computed token
/// @param perPairSeconds per computed token and token it attends to, twice
/// @param tokenFixedSeconds per decode step
/// @param tokenPerRequestSeconds added to a decode step by each request
/// @param outputTokens length of a usual answer, 0 while none has been seen
public record Speeds(
        double fixedSeconds,
        double perTokenSeconds,
        double perPairSeconds,
        double tokenFixedSeconds,
        double tokenPerRequestSeconds,
        double outputTokens) {

    /// Before anything was seen: about a 70 billion parameter model on eight accelerators.
    public static final Speeds PRIOR = new Speeds(5e-3, 5e-5, 1e-9, 2e-2, 5e-4, 0);

    /// @param newTokens to be computed
    /// @param cachedTokens before them, found in the cache
    public double prefillSeconds(double newTokens, double cachedTokens) {
        return fixedSeconds
                + newTokens * perTokenSeconds
                + newTokens * (newTokens + 2 * cachedTokens) * perPairSeconds;
    }

    /// @param requests that decode at once
    public double tokenSeconds(double requests) {
        return tokenFixedSeconds + requests * tokenPerRequestSeconds;
    }
}
