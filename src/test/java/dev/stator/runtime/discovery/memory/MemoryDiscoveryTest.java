package dev.stator.runtime.discovery.memory;

import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryContract;

class MemoryDiscoveryTest extends DiscoveryContract {

    @Override
    protected Discovery newDiscovery() {
        return new MemoryDiscovery();
    }
}
