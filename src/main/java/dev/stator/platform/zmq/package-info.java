/// ZeroMQ sockets behind one thread and bounded queues. Knows nothing of what the messages mean.
@NullMarked
package dev.stator.platform.zmq;

import org.jspecify.annotations.NullMarked;
