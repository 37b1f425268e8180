/// The assembly: the only package that says which implementation is used.
@NullMarked
package dev.stator.launch;

import org.jspecify.annotations.NullMarked;
