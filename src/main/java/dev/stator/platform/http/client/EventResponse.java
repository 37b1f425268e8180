package dev.stator.platform.http.client;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Turns one answer into events, or into a whole reply when it is no stream of events.
final class EventResponse implements HttpResponseListener {
    private static final int ERROR_BYTES_MAX = 64 << 10;

    private final EventListener listener;
    private final int bodyBytesMax;
    private final SseReader events;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable ResponseHead whole;
    private boolean ended;

    EventResponse(EventListener listener, HttpClientLimits limits) {
        this.listener = listener;
        this.bodyBytesMax = limits.bodyBytesMax();
        this.events = new SseReader(limits.eventBytesMax());
    }

    @Override
    public void onHead(HttpCall call, ResponseHead head) {
        if (isSuccess(head) && head.isEventStream()) {
            listener.onOpen(call);
        } else {
            whole = head;
        }
    }

    @Override
    public void onBody(HttpCall call, ByteBuffer bytes) {
        ResponseHead head = whole;
        if (ended) {
            bytes.position(bytes.limit());
        } else if (head == null) {
            readEvents(call, bytes);
        } else {
            readWhole(call, head, bytes);
        }
    }

    private void readEvents(HttpCall call, ByteBuffer bytes) {
        try {
            while (!call.isPaused() && !call.hasEnded()) {
                Optional<String> event = events.next(bytes);
                if (event.isEmpty()) {
                    return;
                }
                listener.onEvent(call, event.get());
            }
        } catch (IOException e) {
            bytes.position(bytes.limit());
            fail(call, HttpFailure.of(HttpFailure.Kind.MALFORMED, e));
            call.cancel();
        }
    }

    /// Of an answer that is an error, the beginning is enough.
    private void readWhole(HttpCall call, ResponseHead head, ByteBuffer bytes) {
        int room = (isSuccess(head) ? bodyBytesMax : ERROR_BYTES_MAX) - body.size();
        byte[] taken = new byte[Math.min(room, bytes.remaining())];
        bytes.get(taken);
        body.writeBytes(taken);
        if (!bytes.hasRemaining()) {
            return;
        }
        bytes.position(bytes.limit());
        if (isSuccess(head)) {
            String message = "the answer is larger than " + bodyBytesMax + " bytes";
            fail(call, new HttpFailure(HttpFailure.Kind.MALFORMED, message));
        } else {
            reply(call, head);
        }
        call.cancel();
    }

    @Override
    public void onEnd(HttpCall call) {
        ResponseHead head = whole;
        if (ended) {
            return;
        }
        if (head == null) {
            ended = true;
            listener.onEnd(call);
        } else {
            reply(call, head);
        }
    }

    /// What a server says of an error counts even when it does not say it to the end.
    @Override
    public void onFailure(HttpCall call, HttpFailure failure) {
        ResponseHead head = whole;
        if (head == null || isSuccess(head) || failure.kind() == HttpFailure.Kind.CANCELLED) {
            fail(call, failure);
        } else if (!ended) {
            reply(call, head);
        }
    }

    private void reply(HttpCall call, ResponseHead head) {
        ended = true;
        listener.onAnswer(call, new HttpReply(head, body.toString(StandardCharsets.UTF_8)));
    }

    private void fail(HttpCall call, HttpFailure failure) {
        if (!ended) {
            ended = true;
            listener.onFailure(call, failure);
        }
    }

    private static boolean isSuccess(ResponseHead head) {
        return head.status() / 100 == 2;
    }
}
