package dev.stator.tokens;

/// What keeps equal tokens from sharing cached blocks: a LoRA adapter, a tenant's salt.
///
/// Empty strings mean "none", as on Dynamo's wire.
public record CacheNamespace(String loraName, String cacheSalt) {

    /// The base model, shared by everyone.
    public static final CacheNamespace SHARED = new CacheNamespace("", "");
}
