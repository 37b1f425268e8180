/// What kinds of requests there are, and what each may do while it waits. Plain data; knows neither
/// the queue nor where the data come from.
@NullMarked
package dev.stator.routing.admission.policy;

import org.jspecify.annotations.NullMarked;
