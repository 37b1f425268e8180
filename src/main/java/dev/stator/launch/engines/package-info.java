/// Opens models and the engines that run them. Knows nothing of planes, routers and HTTP.
@NullMarked
package dev.stator.launch.engines;

import org.jspecify.annotations.NullMarked;
