package dev.stator.routing.explain;

/// Hears of decisions as they are made and as they end. Must not block.
public interface DecisionListener {
    DecisionListener NONE =
            new DecisionListener() {
                @Override
                public void onDecided(DecisionRecord decided) {}

                @Override
                public void onEnded(DecisionRecord ended) {}
            };

    void onDecided(DecisionRecord decided);

    /// @param ended with its outcome
    void onEnded(DecisionRecord ended);
}
