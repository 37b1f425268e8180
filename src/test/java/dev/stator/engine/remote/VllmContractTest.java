package dev.stator.engine.remote;

class VllmContractTest extends RemoteEngineContract {
    @Override
    Flavor flavor() {
        return new VllmFlavor();
    }

    /// vLLM tells at the end how much it found in its cache.
    @Override
    protected boolean tellsCachedTokensAtTheStart() {
        return false;
    }
}
