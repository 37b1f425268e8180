/// An HTTP/1.1 client for many streams at once: kept connections, deadlines, server-sent events.
///
/// Knows nothing of JSON, of engines or of what the answers mean.
@NullMarked
package dev.stator.platform.http.client;

import org.jspecify.annotations.NullMarked;
