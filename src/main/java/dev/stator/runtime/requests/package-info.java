/// How a process calls another one and receives a stream of answers. Knows nothing of what is
/// asked, and blocks no thread.
@NullMarked
package dev.stator.runtime.requests;

import org.jspecify.annotations.NullMarked;
