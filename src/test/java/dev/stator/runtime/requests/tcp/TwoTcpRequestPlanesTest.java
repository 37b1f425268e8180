package dev.stator.runtime.requests.tcp;

import dev.stator.runtime.discovery.Transport;
import dev.stator.runtime.requests.RequestPlane;
import dev.stator.runtime.requests.RequestPlaneContract;
import dev.stator.runtime.requests.callhome.frames.PayloadCodec;

/// One process that calls another, in JSON.
class TwoTcpRequestPlanesTest extends RequestPlaneContract {

    @Override
    protected RequestPlane newPlane() {
        return new TcpRequestPlane(TcpPlaneConfig.DEFAULT);
    }

    @Override
    protected RequestPlane servingPlane(RequestPlane calling) {
        return new TcpRequestPlane(TcpPlaneConfig.DEFAULT.withCodec(PayloadCodec.JSON));
    }

    @Override
    protected Transport nowhere() {
        return Transport.tcp("127.0.0.1:1/9/echo");
    }
}
