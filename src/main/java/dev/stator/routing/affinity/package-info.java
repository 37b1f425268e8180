/// Which worker a session belongs to, and for how long. Pure; knows nothing of how workers are
/// priced or how other routers hear of it.
@NullMarked
package dev.stator.routing.affinity;

import org.jspecify.annotations.NullMarked;
