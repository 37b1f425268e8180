/// What tests of every package share. Knows no product class.
@NullMarked
package dev.stator.testing;

import org.jspecify.annotations.NullMarked;
