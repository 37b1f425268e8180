/// The files of a model as a card in discovery names them, with the digests that prove them. Knows
/// nothing of engines and of how cards are spread.
@NullMarked
package dev.stator.model.card;

import org.jspecify.annotations.NullMarked;
