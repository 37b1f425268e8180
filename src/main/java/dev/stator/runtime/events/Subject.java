package dev.stator.runtime.events;

/// What events are about: a topic of a component in a namespace.
public record Subject(String namespace, String component, String topic) {
    public Subject {
        requireName(namespace, "namespace");
        requireName(component, "component");
        requireName(topic, "topic");
    }

    @Override
    public String toString() {
        return "namespace." + namespace + ".component." + component + "." + topic;
    }

    private static void requireName(String name, String part) {
        if (!name.matches("[A-Za-z0-9_-]{1,128}")) {
            throw new IllegalArgumentException(
                    part + " must be 1 to 128 of A-Z a-z 0-9 _ -: \"" + name + "\"");
        }
    }
}
