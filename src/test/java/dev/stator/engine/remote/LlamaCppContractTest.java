package dev.stator.engine.remote;

class LlamaCppContractTest extends RemoteEngineContract {
    @Override
    Flavor flavor() {
        return new LlamaCppFlavor();
    }

    /// llama.cpp cannot, and such a request is refused.
    @Override
    protected boolean knowsMinTokens() {
        return false;
    }
}
