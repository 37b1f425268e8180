package dev.stator.engine.remote.dialect;

import dev.stator.model.tokenizer.Tokenizer;
import dev.stator.tokens.TokenIds;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;

/// Tells token ids that a server has left out from the text it sent for them. Thread-safe.
///
/// The text begins where a token begins. Its tokenization counts when it has as many tokens as the
/// server sampled and ends with the one id the server did send.
final class WithheldTokens {
    private static final Logger LOG = LoggerFactory.getLogger(WithheldTokens.class);

    private final Tokenizer tokenizer;
    private final AtomicBoolean told = new AtomicBoolean();

    WithheldTokens(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The ids of `text`. Throws `AnswerException` when they cannot be told.
    TokenIds tell(String text, int count, int last) {
        TokenIds ids = tokenizer.encode(text, false);
        if (ids.size() != count || ids.get(count - 1) != last) {
            throw new AnswerException(
                    "the engine left out "
                            + (count - 1)
                            + " token ids of a character, and its text does not tell them");
        }
        if (told.compareAndSet(false, true)) {
            LOG.info("the engine leaves out token ids inside of characters; they are told by text");
        }
        return ids;
    }
}
