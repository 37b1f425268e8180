package dev.stator.model.tokenizer;

import dev.stator.model.tokenizer.unicode.Nfc;

/// A token that is recognised in the text before anything else.
///
/// @param special whether it is a control token rather than text
/// @param normalized whether it is looked for after the text was normalized
/// @param singleWord whether it counts only where no word character touches it
/// @param takesSpaceBefore whether it swallows the white space before it
/// @param takesSpaceAfter whether it swallows the white space after it
record AddedToken(
        int id,
        String content,
        boolean special,
        boolean normalized,
        boolean singleWord,
        boolean takesSpaceBefore,
        boolean takesSpaceAfter) {

    /// This token as it is spelled in text that was brought to Unicode's composed form.
    AddedToken composed() {
        char[] chars = content.toCharArray();
        return !normalized
                ? this
                : new AddedToken(
                        id,
                        Nfc.composed(chars, 0, chars.length).map(String::new).orElse(content),
                        special,
                        true,
                        singleWord,
                        takesSpaceBefore,
                        takesSpaceAfter);
    }
}
