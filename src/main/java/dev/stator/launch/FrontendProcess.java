package dev.stator.launch;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.launch.engines.ChatModel;
import dev.stator.launch.fleet.FrontendNode;
import dev.stator.launch.planes.Planes;
import dev.stator.launch.planes.PlanesConfig;
import dev.stator.model.ModelReference;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A frontend alone in its process: serves whatever models the workers around it serve.
public final class FrontendProcess implements AutoCloseable {
    private final Planes planes;
    private final FrontendNode node;

    /// What `stator frontend` is asked to run.
    ///
    /// @param model where the files of the models are when not where their workers have them
    public record Config(
            PlanesConfig planes, FrontendNode.Settings frontend, Optional<ModelReference> model) {}

    private FrontendProcess(Planes planes, FrontendNode node) {
        this.planes = planes;
        this.node = node;
    }

    /// Returns when it listens. Throws `IOException` when the address is taken.
    public static FrontendProcess open(Config config) throws IOException {
        Planes planes = Planes.open(config.planes(), "frontend");
        try {
            var node = new FrontendNode(planes, config.frontend(), it -> open(it, config.model()));
            return new FrontendProcess(planes, node);
        } catch (IOException | RuntimeException | Error e) {
            planes.close();
            throw e;
        }
    }

    public InetSocketAddress address() {
        return node.address();
    }

    /// Stops accepting, lets running requests end within their limits, then lets go of everything.
    @Override
    public void close() {
        node.close();
        planes.close();
    }

    private static ChatModel open(WorkerCard card, Optional<ModelReference> fallback) {
        ModelReference files =
                card.files()
                        .map(it -> it.locate(fallback))
                        .or(() -> fallback)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "its card names no files, give --model-path"));
        return ChatModel.open(files);
    }
}
