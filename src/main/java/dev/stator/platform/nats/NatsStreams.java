package dev.stator.platform.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/// The streams of JetStream: logs that the server keeps of what is published on some subjects.
///
/// Every method waits for the server, for two seconds at most, and throws `NatsException` when it
/// refuses, does not answer, has JetStream off or is not connected.
public final class NatsStreams {
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(2);
    private static final int STREAM_NOT_FOUND = 10_059;
    private static final int SUBJECTS_OVERLAP = 10_065;

    private final Supplier<Connection> connection;

    NatsStreams(Supplier<Connection> connection) {
        this.connection = connection;
    }

    /// Makes the stream if it is not there. If it is, subjects that it lacks are added and its
    /// bounds stay as they are: whoever made it chose them.
    ///
    /// @return the stream, or another one that keeps these subjects already
    public StreamState ensure(StreamSpec wanted) {
        return ask(
                "ensure stream " + wanted.name(),
                streams -> {
                    Optional<StreamInfo> present = info(streams, wanted.name());
                    return state(
                            present.isPresent()
                                    ? extend(streams, present.get(), wanted)
                                    : add(streams, wanted));
                });
    }

    /// The stream of that name.
    public Optional<StreamState> find(String name) {
        return ask("find stream " + name, streams -> info(streams, name).map(NatsStreams::state));
    }

    /// All streams, in no order.
    public List<StreamState> list() {
        return ask(
                "list streams",
                streams -> streams.getStreams().stream().map(NatsStreams::state).toList());
    }

    private static Optional<StreamInfo> info(JetStreamManagement streams, String name)
            throws IOException, JetStreamApiException {
        try {
            return Optional.of(streams.getStreamInfo(name));
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == STREAM_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static StreamInfo add(JetStreamManagement streams, StreamSpec wanted)
            throws IOException, JetStreamApiException {
        try {
            return streams.addStream(configuration(wanted));
        } catch (JetStreamApiException e) {
            List<StreamInfo> others =
                    e.getApiErrorCode() == SUBJECTS_OVERLAP
                            ? streams.getStreams(wanted.subjects().getFirst())
                            : List.of();
            if (others.isEmpty()) {
                throw e;
            }
            return others.getFirst();
        }
    }

    private static StreamInfo extend(
            JetStreamManagement streams, StreamInfo present, StreamSpec wanted)
            throws IOException, JetStreamApiException {
        StreamConfiguration kept = present.getConfiguration();
        Set<String> subjects = new TreeSet<>(kept.getSubjects());
        return subjects.addAll(wanted.subjects())
                ? streams.updateStream(StreamConfiguration.builder(kept).subjects(subjects).build())
                : present;
    }

    private static StreamConfiguration configuration(StreamSpec wanted) {
        return StreamConfiguration.builder()
                .name(wanted.name())
                .subjects(wanted.subjects())
                .maxAge(wanted.maxAge())
                .maxBytes(wanted.maxBytes())
                .discardPolicy(DiscardPolicy.Old)
                .storageType(StorageType.File)
                .build();
    }

    private static StreamState state(StreamInfo info) {
        StreamConfiguration kept = info.getConfiguration();
        var spec =
                new StreamSpec(
                        kept.getName(), kept.getSubjects(), kept.getMaxAge(), kept.getMaxBytes());
        return new StreamState(
                spec,
                info.getStreamState().getMsgCount(),
                info.getStreamState().getByteCount(),
                info.getStreamState().getConsumerCount());
    }

    private <T> T ask(String what, Question<T> question) {
        JetStreamOptions options = JetStreamOptions.builder().requestTimeout(ANSWER_WAIT).build();
        try {
            return question.put(connection.get().jetStreamManagement(options));
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw new NatsException("cannot " + what + ": " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Question<T> {
        T put(JetStreamManagement streams) throws IOException, JetStreamApiException;
    }
}
