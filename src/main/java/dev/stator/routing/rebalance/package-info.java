/// Which prefixes many requests share, and when one of them gets another holder on purpose. Pure;
/// knows nothing of prices or of how other routers hear of it.
@NullMarked
package dev.stator.routing.rebalance;

import org.jspecify.annotations.NullMarked;
