package dev.stator.model.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stator.platform.codec.JsonField;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Our engine against Python's Jinja, case by case.
class TemplateGoldenTest {
    private static final List<JsonField> CHATS = Golden.groups("chats.json");
    private static final List<JsonField> PROBES = Golden.groups("probes.json");

    static IntStream chats() {
        return IntStream.range(0, CHATS.size());
    }

    static List<String> topics() {
        return PROBES.stream().map(group -> group.get("topic").string()).toList();
    }

    @ParameterizedTest
    @MethodSource("chats")
    void rendersConversationsAsPythonDoes(int group) {
        JsonField chat = CHATS.get(group);
        for (JsonField testCase : chat.get("cases").items()) {
            String template = testCase.get("template").string();
            assertThat(
                            Golden.outcome(
                                    Golden.text(template + ".jinja"),
                                    template,
                                    Golden.variables(chat, testCase)))
                    .as("%s: %s", template, testCase.get("name").string())
                    .isEqualTo(Golden.expected(testCase));
        }
    }

    @ParameterizedTest
    @MethodSource("topics")
    void agreesWithPythonOnEveryFeature(String topic) {
        JsonField group =
                PROBES.stream()
                        .filter(probes -> probes.get("topic").string().equals(topic))
                        .findFirst()
                        .orElseThrow();
        List<String> surprises = new ArrayList<>();
        for (JsonField probe : group.get("cases").items()) {
            String source = probe.get("source").string();
            String ours = Golden.outcome(source, topic, Golden.variables(group, probe));
            String theirs = Golden.expected(probe);
            boolean isKnown = KnownDeviations.REASONS.containsKey(source);
            if (ours.equals(theirs) == isKnown) {
                surprises.add("%n%s%n  ours   %s%n  theirs %s".formatted(source, ours, theirs));
            }
        }
        assertThat(surprises).isEmpty();
    }

    @Test
    void everyKnownDeviationIsProbed() {
        Map<String, String> unprobed = new TreeMap<>(KnownDeviations.REASONS);
        PROBES.forEach(
                group ->
                        group.get("cases")
                                .items()
                                .forEach(probe -> unprobed.remove(probe.get("source").string())));

        assertThat(unprobed).isEmpty();
    }

    @Test
    void theRecordingIsWhole() {
        assertThat(CHATS.stream().mapToInt(group -> group.get("cases").items().size()).sum())
                .isGreaterThanOrEqualTo(140);
        assertThat(PROBES.stream().mapToInt(group -> group.get("cases").items().size()).sum())
                .isGreaterThanOrEqualTo(1_800);
    }
}
