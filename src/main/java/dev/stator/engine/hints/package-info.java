/// What a request asks of those that place and order it, besides its prompt. Knows neither engines
/// nor routers.
@NullMarked
package dev.stator.engine.hints;

import org.jspecify.annotations.NullMarked;
