package dev.stator.launch.fleet;

import dev.stator.engine.wire.WorkerCard;
import dev.stator.frontend.ModelDirectory;
import dev.stator.frontend.ServedModel;
import dev.stator.launch.engines.ChatModel;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// The models of the fleets as the frontend serves them. Thread-safe.
///
/// A model is listed only while it has workers; a request for it is always taken, and told to come
/// back when there are none. An adapter is a model of its own while a worker has it loaded; one by
/// the name of a model is hidden by it.
final class ChatModels implements ModelDirectory, Fleets.Opening {
    private final Function<WorkerCard, ChatModel> opener;
    private final Map<String, Chat> chats = new ConcurrentSkipListMap<>();

    private record Chat(ServedModel model, ModelFleet fleet) {

        Stream<ServedModel> adapted() {
            return fleet.adapters().stream().map(model::adapted);
        }
    }

    /// @param opener makes of a worker's card what speaks the model's language; may throw
    ///     `ModelFolderException` and `IllegalArgumentException`
    ChatModels(Function<WorkerCard, ChatModel> opener) {
        this.opener = opener;
    }

    @Override
    public List<ServedModel> all() {
        List<Chat> staffed =
                chats.values().stream().filter(it -> !it.fleet.workers().isEmpty()).toList();
        Map<String, ServedModel> models = new LinkedHashMap<>();
        staffed.forEach(it -> models.put(it.model.name(), it.model));
        staffed.stream()
                .flatMap(Chat::adapted)
                .filter(it -> !chats.containsKey(it.name()))
                .forEach(it -> models.putIfAbsent(it.name(), it));
        return List.copyOf(models.values());
    }

    @Override
    public boolean isEmpty() {
        return chats.values().stream().allMatch(it -> it.fleet.workers().isEmpty());
    }

    @Override
    public Optional<ServedModel> find(String name) {
        Chat chat = chats.get(name);
        return chat != null
                ? Optional.of(chat.model)
                : chats.values().stream()
                        .filter(it -> it.fleet.adapters().contains(name))
                        .findFirst()
                        .map(it -> it.model.adapted(name));
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
