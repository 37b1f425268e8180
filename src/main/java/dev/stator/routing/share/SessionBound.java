package dev.stator.routing.share;

import dev.stator.routing.affinity.Bond;
import dev.stator.routing.affinity.SessionTable.Version;

/// A router bound a session to a worker; Dynamo's `SessionAffinityUpdate`.
record SessionBound(String session, Bond bond, Version version) {}
