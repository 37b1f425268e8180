package dev.stator.openai.protocol;

import java.util.Optional;
import java.util.function.Function;

/// Where the hints of a request come from besides its body.
///
/// @param headers the first header field of a name in lower case
/// @param takesExtensions whether Dynamo's extensions count: the member `nvext` and the headers
///     that stand for its members
public record HintSource(Function<String, Optional<String>> headers, boolean takesExtensions) {

    /// The body alone.
    public static final HintSource BODY = new HintSource(_ -> Optional.empty(), true);

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
