/// TCP connections that send within a byte budget and can be left unread, on shared event loops.
///
/// Knows nothing of what the bytes mean.
@NullMarked
package dev.stator.platform.tcp;

import org.jspecify.annotations.NullMarked;
