/// How processes find each other: instances are announced, listed and watched. Knows nothing of
/// what an instance serves.
@NullMarked
package dev.stator.runtime.discovery;

import org.jspecify.annotations.NullMarked;
