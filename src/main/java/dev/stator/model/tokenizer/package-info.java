/// Text to token ids and back, as a model's `tokenizer.json` says. Knows nothing of prompts,
/// requests or engines.
@NullMarked
package dev.stator.model.tokenizer;

import org.jspecify.annotations.NullMarked;
