/// Chat templates: a small sandboxed Jinja that turns a conversation into a prompt exactly as the
/// Python original does. Knows nothing of tokens and requests.
@NullMarked
package dev.stator.model.template;

import org.jspecify.annotations.NullMarked;
