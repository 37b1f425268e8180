package dev.stator.runtime.requests.memory;

import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.RequestPlaneContract;

class MemoryRequestPlaneTest extends RequestPlaneContract {

    @Override
    protected RequestPlane newPlane() {
        return new MemoryRequestPlane();
    }

    @Override
    protected Transport nowhere() {
        return new Transport(Transport.MEMORY, "9/echo");
    }
}
