package dev.stator.tokens.canary;

import dev.stator.engine.FinishReason;

/// Uses `engine` from below `tokens`, which no row of the table allows.
record ForbiddenUse(FinishReason reason) {
    ForbiddenUse {
        assert reason != null;
    }
}
