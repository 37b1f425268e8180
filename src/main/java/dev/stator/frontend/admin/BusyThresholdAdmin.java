package dev.stator.frontend.admin;

import dev.stator.routing.eligibility.BusyThresholds;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/// Reads and sets when the workers of a model are busy. Thread-safe; returns at once.
public interface BusyThresholdAdmin {

    /// For a frontend without models.
    BusyThresholdAdmin NONE =
            new BusyThresholdAdmin() {
                @Override
                public SortedMap<String, BusyThresholds> all() {
                    return Collections.emptySortedMap();
                }

                @Override
                public Optional<BusyThresholds> update(String model, BusyThresholds newer) {
                    return Optional.empty();
                }
            };

    /// By the names of the models.
    SortedMap<String, BusyThresholds> all();

    /// Changes those thresholds of a model that `newer` has; what holds now, or empty when there is
    /// no such model.
    Optional<BusyThresholds> update(String model, BusyThresholds newer);
}
