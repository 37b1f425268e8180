/// Discovery through etcd: leases, watches, and coming back from every loss of them. Knows nothing
/// of what an instance serves.
@NullMarked
package dev.stator.runtime.discovery.etcd;

import org.jspecify.annotations.NullMarked;
