package dev.stator.replay.load;

import dev.stator.engine.simulated.SelfVerifyingTokens;
import dev.stator.platform.http.client.ClientRequest;
import dev.stator.replay.load.ledger.Simulation;
import dev.stator.replay.load.plan.PlannedRequest;
import dev.stator.tokens.TokenIds;

import java.util.Optional;

/// A planned request as it is sent.
///
/// @param simulation what a simulated target produces
/// @param expected the output it must have, at its beginning, where the prompt was sent as ids
/// @param leavesAfter so many tokens the client leaves; 0 for never
record Shipment(
        PlannedRequest plan,
        ClientRequest request,
        long samplingSeed,
        Optional<Simulation> simulation,
        Optional<SelfVerifyingTokens> expected,
        boolean isSlow,
        int leavesAfter) {

    static Shipment of(PlannedRequest plan, LoadTarget target, Conduct conduct) {
        Optional<TokenIds> ids = target.ids(plan.prompt());
        long seed = conduct.samplingSeed(plan.number());
        return new Shipment(
                plan,
                target.request(plan.prompt(), ids, plan.outputTokens(), seed),
                seed,
                target.simulated(),
                target.simulated().flatMap(it -> ids.map(known -> it.output(known, seed))),
                conduct.isSlow(plan.number()),
                conduct.leavesAfter(plan.number(), plan.outputTokens()));
    }

    /// The output it must have, now that the server has named the ids of the prompt.
    Optional<SelfVerifyingTokens> expected(TokenIds prompt) {
        return simulation.map(it -> it.output(prompt, samplingSeed));
    }
}
