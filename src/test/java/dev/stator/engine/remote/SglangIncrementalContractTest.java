package dev.stator.engine.remote;

class SglangIncrementalContractTest extends RemoteEngineContract {
    @Override
    Flavor flavor() {
        return new SglangFlavor(true);
    }
}
