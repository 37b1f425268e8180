package dev.stator.openai.protocol;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Where the hints of a request come from besides its body.
///
/// @param headers the first header field of a name in lower case
/// @param takesExtensions whether Dynamo's extensions count: the member `nvext` and the headers
///     that stand for its members
/// @param timeLimit the longest time a request may ask for, and has when it does not ask
public record HintSource(
        Function<String, Optional<String>> headers,
        boolean takesExtensions,
        Optional<Duration> timeLimit) {

    /// The body alone.
    public static final HintSource BODY =
            new HintSource(_ -> Optional.empty(), true, Optional.empty());

    /// The first of these headers that is there.
    Optional<HeaderField> field(String... names) {
        for (String name : names) {
            Optional<String> value = headers.apply(name).map(String::strip);
            if (value.isPresent() && !value.get().isEmpty()) {
                return value.map(it -> new HeaderField(name, it));
            }
        }
        return Optional.empty();
    }
}
