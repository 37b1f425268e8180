package dev.stator.replay.load.ledger;

import dev.stator.engine.simulated.SelfVerifyingTokens;

import java.util.Arrays;
import java.util.BitSet;

/// Holds one output against the sequence it must be. Not thread-safe.
///
/// A token that is not the expected one is looked for near its place: ahead, then those between
/// are lost; behind, then it is repeated, or late if it had been counted as lost; nowhere, then it
/// is wrong and takes the place of the expected one.
public final class TokenLedger {
    private static final int WINDOW = 64;
    private static final int INITIAL = 32;

    private final SelfVerifyingTokens sequence;
    private final BitSet missing = new BitSet();
    private int[] reference = new int[INITIAL];
    private int known; // tokens of the reference that have been computed
    private int expected; // position of the next token
    private long lost;
    private long repeated;
    private long reordered;
    private long wrong;

    /// @param sequence at its beginning; the ledger goes on with it
    public TokenLedger(SelfVerifyingTokens sequence) {
        this.sequence = sequence;
    }

    /// The next token of the output has come.
    public void accept(int token) {
        if (at(expected) == token) {
            expected++;
            return;
        }
        int ahead = find(token, expected + 1, expected + WINDOW);
        if (ahead >= 0) {
            missing.set(expected, ahead);
            lost += ahead - expected;
            expected = ahead + 1;
            return;
        }
        int behind = find(token, Math.max(0, expected - WINDOW), expected);
        if (behind >= 0) {
            cameAgain(behind);
        } else {
            wrong++;
            expected++;
        }
    }

    private void cameAgain(int position) {
        if (missing.get(position)) {
            missing.clear(position);
            lost--;
            reordered++;
        } else {
            repeated++;
        }
    }

    /// What is to be said of an output that is over.
    ///
    /// @param promised tokens it must have had; 0 when it was cut off and may be any beginning
    public Discrepancies end(int promised) {
        long cut = Math.max(0, promised - expected);
        return new Discrepancies(lost + cut, repeated, reordered, wrong);
    }

    private int find(int token, int from, int to) {
        for (int position = from; position < to; position++) {
            if (at(position) == token) {
                return position;
            }
        }
        return -1;
    }

    private int at(int position) {
        while (known <= position) {
            if (known == reference.length) {
                reference = Arrays.copyOf(reference, known * 2);
            }
            reference[known++] = sequence.next();
        }
        return reference[position];
    }
}
