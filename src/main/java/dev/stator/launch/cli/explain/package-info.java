/// `stator explain`: asks a frontend why requests went where they did, and prints it for people.
/// Knows the frontend by its HTTP answers alone.
@NullMarked
package dev.stator.launch.cli.explain;

import org.jspecify.annotations.NullMarked;
