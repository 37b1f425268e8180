package dev.stator.launch.fleet;

import dev.stator.frontend.admin.BusyThresholdAdmin;
import dev.stator.routing.eligibility.BusyThresholds;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The busy thresholds of the fleets of this process.
record FleetThresholds(Fleets fleets) implements BusyThresholdAdmin {

    @Override
    public SortedMap<String, BusyThresholds> all() {
        var all = new TreeMap<String, BusyThresholds>();
        fleets.all().forEach(it -> all.put(it.engine().info().model(), it.busy().thresholds()));
        return all;
    }

    @Override
    public Optional<BusyThresholds> update(String model, BusyThresholds newer) {
        return fleets.find(model).map(it -> it.busy().update(newer));
    }
}
