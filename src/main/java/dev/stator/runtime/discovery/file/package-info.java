/// Discovery through a folder that processes share. Knows nothing of networks.
@NullMarked
package dev.stator.runtime.discovery.file;

import org.jspecify.annotations.NullMarked;
