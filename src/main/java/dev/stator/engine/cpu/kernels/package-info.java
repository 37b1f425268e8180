/// The inner loops of the CPU engine, each as vector code and as a scalar twin that gives the same
/// bits, and the threads they run on. Knows nothing of models, requests and KV blocks.
@NullMarked
package dev.stator.engine.cpu.kernels;

import org.jspecify.annotations.NullMarked;
