/// The program as a process: started, asked over HTTP, stopped.
@NullMarked
package dev.stator.system;

import org.jspecify.annotations.NullMarked;
