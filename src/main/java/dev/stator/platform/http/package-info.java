/// An HTTP/1.1 server: routes, bodies with limits, server-sent events, orderly shutdown.
///
/// Knows nothing of JSON, of models or of what the routes mean.
@NullMarked
package dev.stator.platform.http;

import org.jspecify.annotations.NullMarked;
