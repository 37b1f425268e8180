package dev.stator.launch.fleet;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.frontend.ModelDirectory;
import dev.stator.frontend.ServedModel;
import dev.stator.launch.engines.ChatModel;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/// The models of the fleets as the frontend serves them. Thread-safe.
///
/// A model is listed only while it has workers; a request for it is always taken, and told to come
/// back when there are none.
final class ChatModels implements ModelDirectory, Fleets.Opening {
    private final Function<WorkerCard, ChatModel> opener;
    private final Map<String, Chat> chats = new ConcurrentSkipListMap<>();

    private record Chat(ServedModel model, ModelFleet fleet) {}

    /// @param opener makes of a worker's card what speaks the model's language; may throw
    ///     `ModelFolderException` and `IllegalArgumentException`
    ChatModels(Function<WorkerCard, ChatModel> opener) {
        this.opener = opener;
    }

    @Override
    public List<ServedModel> all() {
        return chats.values().stream()
                .filter(it -> !it.fleet.workers().isEmpty())
                .map(Chat::model)
                .toList();
    }

    @Override
    public Optional<ServedModel> find(String name) {
        return Optional.ofNullable(chats.get(name)).map(Chat::model);
    }

    @Override
    public void onModel(WorkerCard card, ModelFleet fleet) {
        ChatModel model = opener.apply(card);
        String name = card.engine().model();
        var served =
                new ServedModel(
                        name,
                        InstantSource.system().instant().getEpochSecond(),
                        fleet.engine(),
                        model.tokenizer(),
                        model.prompts(),
                        model.defaults(),
                        model.thinks());
        chats.put(name, new Chat(served, fleet));
    }
}
