/// Events straight from each publisher to each subscriber over ZMQ, which find each other through
/// discovery. Knows nothing of what the events mean, nor of any broker.
@NullMarked
package dev.stator.runtime.events.zmq;

import org.jspecify.annotations.NullMarked;
