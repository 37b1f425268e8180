/// A file that says which processes to run, read as a plan with every variable filled in. Starts
/// nothing.
@NullMarked
package dev.stator.launch.topology;

import org.jspecify.annotations.NullMarked;
