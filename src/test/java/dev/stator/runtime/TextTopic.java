package dev.stator.runtime;

import dev.stator.platform.codec.JsonField;
import dev.stator.platform.codec.JsonValue;
import dev.stator.platform.codec.JsonValue.JsonString;
import dev.stator.runtime.events.EventCodec;
import dev.stator.runtime.events.EventForm;
import dev.stator.runtime.events.Subject;
import dev.stator.runtime.events.Topic;

import java.util.List;

/// Topics whose events are texts.
public final class TextTopic {
    private TextTopic() {}

    public static Topic<String> of(Subject subject) {
        return new Topic<>(
                subject,
                String.class,
                new EventCodec<>(
                        new TextForm(subject.namespace() + "." + subject.topic()),
                        new TextForm(subject.toString())));
    }

    private record TextForm(String subjectName) implements EventForm<String> {

        @Override
        public String subject(String event) {
            return subjectName;
        }

        @Override
        public List<String> patterns() {
            return List.of(subjectName);
        }

        @Override
        public JsonValue write(String event) {
            return new JsonString(event);
        }

        @Override
        public String read(JsonField event) {
            return event.string();
        }
    }
}
