package dev.stator.engine.cpu.forward;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.forward.RaggedBatch.Slice;
import dev.stator.engine.cpu.kernels.KernelPool;
import dev.stator.engine.cpu.kernels.Kernels;
import dev.stator.engine.cpu.kernels.Rows;
import dev.stator.model.ModelConfig;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Causal attention over paged keys and values.
///
/// A piece of work is a few consecutive queries of one slice and all query heads of one KV head:
/// they see the same keys. The keys of 64 tokens are unpacked to an F32 panel whose rows are
/// tokens, and the scores of all queries are a product with it; the values of 64 tokens are panels
/// whose inputs are tokens, and the output is a product with them. So every score is one chain over
/// head_dim, every output one chain over the tokens from the first to the last, and neither depends
/// on which queries are computed together, on the block size, or on who computed the block.
///
/// All scores of a query are kept until its softmax, which therefore needs no second guess at the
/// greatest one: 4 bytes per query and token of context, in each thread.
final class Attention {
    /// Query heads times tokens of a piece of work: enough to pay for the unpacking.
    private static final int QUERIES = 48;

    /// Tokens unpacked at a time.
    private static final int TOKENS = PANEL_ROWS;

    private final KernelPool pool;
    private final int heads;
    private final int kvHeads;
    private final int headDim;
    private final float scale;
    private final List<AttentionScratch> scratch;

    /// Queries `[first, first + count)` of a slice.
    ///
    /// @param row of the first in the batch
    private record Piece(Slice slice, int first, int count, int row) {
        /// Tokens that the last query sees.
        int context() {
            return slice.startPosition() + first + count;
        }
    }

    Attention(ModelConfig config, KernelPool pool) {
        this.pool = pool;
        this.heads = config.attentionHeads();
        this.kvHeads = config.keyValueHeads();
        this.headDim = config.headDim();
        this.scale = (float) (1 / Math.sqrt(headDim));
        this.scratch =
                Stream.generate(() -> new AttentionScratch(headDim)).limit(pool.threads()).toList();
    }

    /// Writes the heads' outputs, side by side, to `out`.
    ///
    /// @param queries rotated; row `i` is row `i` of the step
    void run(Step step, int layer, Rows queries, Rows out) {
        List<Piece> pieces = pieces(step);
        pool.run(
                pieces.size() * kvHeads,
                (chunk, worker) -> {
                    Piece piece = pieces.get(chunk / kvHeads);
                    var head = new Head(step, layer, piece, chunk % kvHeads, scratch.get(worker));
                    head.run(queries.shift(piece.row, 0), out.shift(piece.row, 0));
                });
    }

    /// The longest first, so that none of them is the last to begin.
    private List<Piece> pieces(Step step) {
        int tokens = Math.max(1, QUERIES / (heads / kvHeads));
        List<Piece> pieces = new ArrayList<>();
        int row = 0;
        for (Slice slice : step.batch().slices()) {
            for (int first = 0; first < slice.tokens().length; first += tokens) {
                int count = Math.min(tokens, slice.tokens().length - first);
                pieces.add(new Piece(slice, first, count, row + first));
            }
            row += slice.tokens().length;
        }
        return pieces.reversed();
    }

    /// One piece of work.
    private final class Head {
        private final Kernels kernels;
        private final KvReader reader;
        private final Piece piece;
        private final int kvHead;
        private final AttentionScratch scratch;
        private final int group = heads / kvHeads;
        private final int rows;
        private final int padded;

        Head(Step step, int layer, Piece piece, int kvHead, AttentionScratch scratch) {
            this.kernels = step.kernels();
            this.reader = new KvReader(step, piece.slice.blocks(), layer, kvHead, scratch.group());
            this.piece = piece;
            this.kvHead = kvHead;
            this.scratch = scratch;
            this.rows = piece.count * group;
            this.padded = (piece.context() + TOKENS - 1) / TOKENS * TOKENS;
        }

        void run(Rows queries, Rows out) {
            scratch.prepare(rows, padded);
            gather(queries);
            score();
            for (int row = 0; row < rows; row++) {
                int count = piece.slice.startPosition() + piece.first + row / group + 1;
                scratch.sums()[row] =
                        kernels.rows()
                                .softmax(scratch.scores().shift(row, 0), count, padded, scale);
            }
            mix();
            for (int row = 0; row < rows; row++) {
                int column = (kvHead * group + row % group) * headDim;
                Rows target = out.shift(row / group, column);
                Rows mixed = scratch.mixed().shift(row, 0);
                kernels.rows().scale(mixed, scratch.sums()[row], headDim, target);
            }
        }

        /// Row `t * group + g` is query head `g` of token `t`.
        private void gather(Rows queries) {
            for (int row = 0; row < rows; row++) {
                Rows from = queries.shift(row / group, (kvHead * group + row % group) * headDim);
                Rows to = scratch.queries().shift(row, 0);
                System.arraycopy(from.data(), from.at(), to.data(), to.at(), headDim);
            }
        }

        private void score() {
            var tiles = new Tiles(kernels.f32(), scratch.keys());
            for (int token = 0; token < piece.context(); token += TOKENS) {
                reader.keys(token, Math.min(TOKENS, piece.context() - token), scratch.keys());
                tiles.multiply(
                        0, headDim, scratch.queries(), scratch.scores().shift(0, token), rows);
            }
        }

        private void mix() {
            var tiles = new Tiles(kernels.f32(), scratch.values());
            for (int token = 0; token < piece.context(); token += TOKENS) {
                int count = Math.min(TOKENS, piece.context() - token);
                Rows weights = scratch.scores().shift(0, token);
                for (int column = 0; column < headDim; column += PANEL_ROWS) {
                    reader.values(token, count, column, scratch.values());
                    tiles.multiply(0, count, weights, scratch.mixed().shift(0, column), rows);
                }
            }
        }
    }
}
