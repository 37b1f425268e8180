package dev.stator.model.tokenizer;

/// A model's tokenizer cannot be used. The message names the file and what is wrong in it.
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
