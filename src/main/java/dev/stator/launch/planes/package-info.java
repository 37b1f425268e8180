/// Opens the ways in which processes find and talk to each other, as configured. The only package
/// that names implementations of the three planes.
@NullMarked
package dev.stator.launch.planes;

import org.jspecify.annotations.NullMarked;
