/// What a request asks of the router besides its prompt. Plain data; knows neither how it is priced
/// nor how it arrived.
@NullMarked
package dev.stator.routing.hints;

import org.jspecify.annotations.NullMarked;
