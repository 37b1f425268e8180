/// A dependency that the rules forbid, kept to show that they would find it.
@NullMarked
package dev.stator.tokens.canary;

import org.jspecify.annotations.NullMarked;
