package dev.stator.model.tokenizer;

import java.util.SplittableRandom;

/// Random text for property tests: pieces on which tokenizers tend to differ, among them the added
/// tokens of the recorded `qwen2`, mixed with any character at all.
public final class RandomText {
    private static final String ASCII = "a¦b¦c¦X¦Y¦Z¦s¦S¦d¦t¦m¦l¦r¦e¦v¦0¦1¦8¦9¦'¦.¦,¦;¦(¦/¦=";
    private static final String SPACES = " ¦ ¦  ¦    ¦\n¦\r¦\t¦\r\n¦\0¦\u001c¦\u0085¦\u00a0¦\u3000";
    private static final String NUMBERS = "½¦Ⅷ¦\u0660¦\u0967¦𝟙";
    private static final String MARKS = "\u0301¦\u0308¦\u0323¦\u1112\u1161\u11ab¦\u0e33¦ि¦\u200d";
    private static final String LETTERS = "é¦ß¦ſ¦ǅ¦ʰ¦ª¦ÄÖ¦中¦文¦の¦ア¦한¦𠀀¦𝒜";
    private static final String SYMBOLS = "€¦—¦“¦😀¦👍🏽¦\u2028";
    private static final String WORDS = "'s¦'ſa¦'LL¦'Re¦the¦The¦ server";
    private static final String TOKENS = "<|im_end|>¦<tool_call>¦<LS>¦<RS>¦WORD¦<long";
    private static final String[] PIECES =
            String.join("¦", ASCII, SPACES, NUMBERS, MARKS, LETTERS, SYMBOLS, WORDS, TOKENS)
                    .split("¦");

    private final SplittableRandom random;

    public RandomText(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /// Well-formed text of up to `piecesMax` pieces.
    public String next(int piecesMax) {
        var text = new StringBuilder();
        for (int left = random.nextInt(piecesMax + 1); left > 0; left--) {
            if (random.nextInt(16) == 0) {
                text.appendCodePoint(anyCharacter());
            } else {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }

    private int anyCharacter() {
        int codePoint;
        do {
            codePoint = random.nextInt(random.nextBoolean() ? 0x800 : Character.MAX_CODE_POINT + 1);
        } while (Character.getType(codePoint) == Character.SURROGATE);
        return codePoint;
    }
}
