package dev.stator.runtime.discovery;

/// The name of something that can be called, in three parts as in Dynamo.
public record EndpointId(String namespace, String component, String endpoint) {
    public EndpointId {
        requireName(namespace, "namespace");
        requireName(component, "component");
        requireName(endpoint, "endpoint");
    }

    /// Dynamo's form, `dyn://namespace.component.endpoint`.
    public String uri() {
        return "dyn://" + this;
    }

    @Override
    public String toString() {
        return namespace + "." + component + "." + endpoint;
    }

    private static void requireName(String name, String part) {
        if (!name.matches("[A-Za-z0-9_-]{1,128}")) {
            throw new IllegalArgumentException(
                    part + " must be 1 to 128 of A-Z a-z 0-9 _ -: \"" + name + "\"");
        }
    }
}
