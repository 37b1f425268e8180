package dev.stator.platform.http;

/// Hears how a stream's client keeps up. Called on the event loop; must not block.
public interface SseListener {

    /// For streams whose source cannot wait; the server's limits alone protect it.
    SseListener NONE =
            new SseListener() {
                @Override
                public void onFull() {}

                @Override
                public void onRoom() {}
            };

    /// The client does not keep up: send nothing more for now.
    void onFull();

    /// There is room again.
    void onRoom();
}
