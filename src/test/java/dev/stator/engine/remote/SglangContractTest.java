package dev.stator.engine.remote;

class SglangContractTest extends RemoteEngineContract {
    @Override
    Flavor flavor() {
        return new SglangFlavor(false);
    }
}
