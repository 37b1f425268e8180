package dev.stator.model.tokenizer;

import dev.stator.platform.codec.JsonField;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What every kind of `tokenizer.json` has. Throws `JsonFieldException` where a field is not as it
/// must be.
final class TokenizerFile {
    private static final int IDS_MAX = 1 << 24;

    private final JsonField root;

    TokenizerFile(JsonField root) {
        this.root = root;
    }

    JsonField get(String name) {
        return root.get(name);
    }

    /// The steps of a stage, such as `normalizer`: none when absent, several when it is a sequence.
    ///
    /// @param list the member by which a sequence of this stage lists its steps
    List<JsonField> steps(String stage, String list) {
        List<JsonField> steps = new ArrayList<>();
        root.get(stage).optional().ifPresent(field -> addSteps(field, list, steps));
        return steps;
    }

    /// The `type` of a step.
    static String type(JsonField step) {
        return step.get("type").string();
    }

    /// A flag that counts as false when absent.
    static boolean flag(JsonField field, String name) {
        return field.get(name).optional().map(JsonField::bool).orElse(false);
    }

    /// The model's own tokens and their ids, whether listed by token or in the order of ids.
    Map<String, Integer> modelVocabulary() {
        JsonField vocabulary = root.get("model").get("vocab");
        Map<String, Integer> ids = new HashMap<>();
        if (vocabulary.isArray()) {
            for (JsonField entry : vocabulary.items()) {
                ids.put(entry.items().getFirst().string(), ids.size());
            }
        } else {
            vocabulary.members().forEach((token, id) -> ids.put(token, id.integer(0, IDS_MAX - 1)));
        }
        return ids;
    }

    /// The tokens recognised before the model sees the text. The model's vocabulary decides the id
    /// of one that it knows.
    List<AddedToken> addedTokens(Map<String, Integer> modelVocabulary) {
        List<AddedToken> tokens = new ArrayList<>();
        for (JsonField field :
                root.get("added_tokens").optional().map(JsonField::items).orElse(List.of())) {
            String content = field.get("content").string();
            int id = field.get("id").integer(0, IDS_MAX - 1);
            tokens.add(
                    new AddedToken(
                            modelVocabulary.getOrDefault(content, id),
                            content,
                            flag(field, "special"),
                            flag(field, "normalized"),
                            flag(field, "single_word"),
                            flag(field, "lstrip"),
                            flag(field, "rstrip")));
        }
        return tokens;
    }

    private static void addSteps(JsonField field, String list, List<JsonField> steps) {
        if (type(field).equals("Sequence")) {
            field.get(list).items().forEach(step -> addSteps(step, list, steps));
        } else {
            steps.add(field);
        }
    }
}
