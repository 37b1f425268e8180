package dev.stator.runtime.requests.tcp;

import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.RequestPlaneContract;

/// One process that calls itself.
class TcpRequestPlaneTest extends RequestPlaneContract {

    @Override
    protected RequestPlane newPlane() {
        return new TcpRequestPlane(TcpPlaneConfig.DEFAULT);
    }

    @Override
    protected Transport nowhere() {
        return Transport.tcp("127.0.0.1:1/9/echo");
    }
}
