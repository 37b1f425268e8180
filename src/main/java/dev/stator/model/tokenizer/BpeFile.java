package dev.stator.model.tokenizer;

import static dev.stator.model.tokenizer.TokenizerFile.flag;
import static dev.stator.model.tokenizer.TokenizerFile.type;

import dev.stator.model.tokenizer.BpeTokenizer.Pipeline;
import dev.stator.model.tokenizer.bpe.ByteAlphabet;
import dev.stator.model.tokenizer.bpe.MergeTable;
import dev.stator.model.tokenizer.bpe.WordEncoder;
import dev.stator.model.tokenizer.split.Splitter;
import dev.stator.model.tokenizer.split.Splitters;
import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonFieldException;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonArray;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.tokens.TokenIds;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A `tokenizer.json` read as byte-level byte-pair encoding.
///
/// Whatever this reader does not know exactly is an obstacle, never guessed at: a tokenizer that is
/// almost right yields prompts the model was not trained on.
final class BpeFile {
    private final TokenizerFile file;
    private final Map<String, Integer> vocabulary;
    private final List<String> obstacles = new ArrayList<>();
    private TokenIds before = TokenIds.EMPTY;
    private TokenIds after = TokenIds.EMPTY;

    BpeFile(TokenizerFile file) {
        this.file = file;
        this.vocabulary = file.modelVocabulary();
    }

    /// The tokenizer; empty when there are obstacles. Throws `JsonFieldException` where a field is
    /// broken.
    Optional<BpeTokenizer> read() {
        JsonField model = file.get("model");
        checkModel(model);
        checkDecoder();
        boolean composes = composes();
        List<Splitter> splitters = splitters();
        readFrame();
        if (!obstacles.isEmpty()) {
            return Optional.empty();
        }
        List<AddedToken> added = file.addedTokens(vocabulary);
        var words =
                new WordEncoder(
                        idOfByte(),
                        merges(model.get("merges")),
                        flag(model, "ignore_merges") ? vocabulary : Map.of());
        return Optional.of(
                new BpeTokenizer(
                        new Vocabulary(vocabulary, added, ByteAlphabet::bytes),
                        composes ? added.stream().map(AddedToken::composed).toList() : added,
                        new Pipeline(composes, splitters, words, before, after)));
    }

    /// Why there is no tokenizer: the fields in the way, with their values.
    List<String> obstacles() {
        return List.copyOf(obstacles);
    }

    private void checkModel(JsonField model) {
        if (model.get("type").isPresent() && !type(model).equals("BPE")) {
            obstruct(model.get("type"));
            return;
        }
        if (!model.get("merges").isPresent()) {
            obstruct(model.get("merges"));
        }
        if (model.get("dropout").isPresent() && model.get("dropout").number() != 0) {
            obstruct(model.get("dropout"));
        }
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (model.get(affix).isPresent() && !model.get(affix).string().isEmpty()) {
                obstruct(model.get(affix));
            }
        }
        for (int b = 0; b < ByteAlphabet.SIZE; b++) {
            if (!vocabulary.containsKey(ByteAlphabet.token(b))) {
                obstacles.add("model.vocab has no token for byte " + b);
                return;
            }
        }
    }

    private void checkDecoder() {
        List<JsonField> steps = file.steps("decoder", "decoders");
        if (steps.size() != 1 || !type(steps.getFirst()).equals("ByteLevel")) {
            obstruct(file.get("decoder"));
        }
    }

    private boolean composes() {
        List<JsonField> steps = file.steps("normalizer", "normalizers");
        steps.stream().filter(step -> !type(step).equals("NFC")).forEach(this::obstruct);
        return !steps.isEmpty();
    }

    private List<Splitter> splitters() {
        List<JsonField> steps = file.steps("pre_tokenizer", "pretokenizers");
        if (steps.isEmpty() || !type(steps.getLast()).equals("ByteLevel")) {
            obstruct(file.get("pre_tokenizer"));
            return List.of();
        }
        List<Splitter> splitters = new ArrayList<>();
        steps.subList(0, steps.size() - 1)
                .forEach(
                        step ->
                                splitter(step)
                                        .ifPresentOrElse(splitters::add, () -> obstruct(step)));
        JsonField byteLevel = steps.getLast();
        if (flag(byteLevel, "add_prefix_space")) {
            obstruct(byteLevel.get("add_prefix_space"));
        }
        if (byteLevel.get("use_regex").optional().map(JsonField::bool).orElse(true)) {
            splitters.add(Splitters.byteLevel());
        }
        return splitters;
    }

    private static Optional<Splitter> splitter(JsonField step) {
        return switch (type(step)) {
            case "Digits" -> Optional.of(Splitters.digits(flag(step, "individual_digits")));
            case "Split" -> {
                Optional<JsonField> regex = step.get("pattern").get("Regex").optional();
                yield regex.map(JsonField::string)
                        .filter(pattern -> keepsMatchesApart(step, pattern))
                        .flatMap(Splitters::matching);
            }
            default -> Optional.empty();
        };
    }

    /// "Remove all but matches" comes to the same as "isolate matches" when all is matched.
    private static boolean keepsMatchesApart(JsonField split, String pattern) {
        String behavior = split.get("behavior").string();
        return flag(split, "invert")
                ? behavior.equals("Removed") && Splitters.leavesNoGaps(pattern)
                : behavior.equals("Isolated");
    }

    /// Reads what goes around a text: the template's ids before and after its one sequence.
    private void readFrame() {
        for (JsonField step : file.steps("post_processor", "processors")) {
            switch (type(step)) {
                case "ByteLevel" -> {} // only concerns offsets
                case "TemplateProcessing" -> readTemplate(step);
                default -> obstruct(step);
            }
        }
    }

    private void readTemplate(JsonField template) {
        JsonField ids = template.get("special_tokens");
        boolean isAfter = false;
        for (JsonField piece : template.get("single").items()) {
            if (piece.get("Sequence").isPresent()) {
                isAfter = true;
                continue;
            }
            String name = piece.get("SpecialToken").get("id").string();
            TokenIds special = ids(ids.get(name).get("ids"));
            if (isAfter) {
                after = after.concat(special);
            } else {
                before = before.concat(special);
            }
        }
    }

    private static TokenIds ids(JsonField field) {
        return TokenIds.of(
                field.items().stream().mapToInt(id -> id.integer(0, Integer.MAX_VALUE)).toArray());
    }

    private int[] idOfByte() {
        int[] ids = new int[ByteAlphabet.SIZE];
        for (int b = 0; b < ids.length; b++) {
            ids[b] = vocabulary.getOrDefault(ByteAlphabet.token(b), -1);
        }
        return ids;
    }

    private MergeTable merges(JsonField field) {
        if (!(field.value() instanceof JsonArray(var merges))) {
            throw field.invalid("must be an array");
        }
        var table = new MergeTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String path = field.path() + "[" + rank + "]";
            List<String> pair = pair(merges.get(rank), path);
            table.put(
                    id(pair.getFirst(), path),
                    id(pair.getLast(), path),
                    rank,
                    id(pair.getFirst() + pair.getLast(), path));
        }
        return table;
    }

    private static List<String> pair(JsonValue merge, String path) {
        if (merge instanceof JsonString(var text)) {
            int space = text.indexOf(' ');
            if (space > 0 && space < text.length() - 1 && space == text.lastIndexOf(' ')) {
                return List.of(text.substring(0, space), text.substring(space + 1));
            }
        } else if (merge instanceof JsonArray(var items)
                && items.size() == 2
                && items.getFirst() instanceof JsonString(var left)
                && items.getLast() instanceof JsonString(var right)) {
            return List.of(left, right);
        }
        throw new JsonFieldException(path, "must be two tokens, as in \"a b\" or [\"a\", \"b\"]");
    }

    private int id(String token, String path) {
        Integer id = vocabulary.get(token);
        if (id == null) {
            throw new JsonFieldException(path, "speaks of a token not in model.vocab: " + token);
        }
        return id;
    }

    private void obstruct(JsonField field) {
        obstacles.add(
                field.isPresent()
                        ? field.path() + " is " + shown(field)
                        : field.path() + " is missing");
    }

    private static String shown(JsonField field) {
        return field.isObject() && field.get("type").isPresent() ? type(field) : "not supported";
    }
}
