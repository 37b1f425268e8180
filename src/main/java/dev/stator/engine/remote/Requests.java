package dev.stator.engine.remote;

import dev.stator.platform.http.client.ClientRequest;

/// What every request to a server has in common.
final class Requests {
    private Requests() {}

    /// `request` with the key, if there is one.
    static ClientRequest signed(ClientRequest request, RemoteConfig config) {
        return config.apiKey()
                .map(key -> request.with("authorization", "Bearer " + key))
                .orElse(request);
    }
}
