package dev.stator.engine.remote.dialect;

/// A server's answer contradicts itself or lacks what it must have.
public final class AnswerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AnswerException(String message) {
        super(message);
    }
}
