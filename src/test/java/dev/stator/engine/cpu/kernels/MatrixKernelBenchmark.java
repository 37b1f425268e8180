package dev.stator.engine.cpu.kernels;

import static dev.stator.engine.cpu.kernels.WeightFormat.PANEL_ROWS;

import dev.stator.engine.cpu.kernels.PanelKernel.Panels;
import dev.stator.engine.cpu.kernels.PanelKernel.Stripe;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/// Panels of 1,024 inputs in the cache, on one thread. The unit is one weight: meeting one token in
/// a product, or being unpacked.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class MatrixKernelBenchmark {
    private static final int INPUTS = 1_024;
    private static final int OUTPUTS = PanelKernel.PANELS_AT_ONCE * PANEL_ROWS;
    private static final int WEIGHTS = INPUTS * PANEL_ROWS;

    @Param({"F32", "BF16", "INT8"})
    private WeightFormat format;

    @Param({"true", "false"})
    private boolean isVector;

    private Panels panels;
    private MemorySegment unpacked;
    private PanelKernel kernel;
    private TileKernel tile;
    private Rows x;
    private Rows y;

    @Setup(Level.Trial)
    public void prepare() {
        Kernels kernels = isVector ? Kernels.vector() : Kernels.SCALAR;
        kernel = kernels.panels(format);
        tile = kernels.f32();
        long bytes = format.panelBytes(INPUTS);
        panels =
                new Panels(
                        Arena.ofAuto().allocate(PanelKernel.PANELS_AT_ONCE * bytes, 64), 0, bytes);
        unpacked = Arena.ofAuto().allocate(WeightFormat.F32.panelBytes(INPUTS), 64);
        x = new Rows(new float[TileKernel.TILE_TOKENS * INPUTS], 0, INPUTS);
        y = new Rows(new float[TileKernel.TILE_TOKENS * OUTPUTS], 0, OUTPUTS);
    }

    @Benchmark
    @OperationsPerInvocation(PanelKernel.PANELS_AT_ONCE * WEIGHTS)
    public void oneToken() {
        kernel.multiply1(panels, INPUTS, x, y);
    }

    @Benchmark
    @OperationsPerInvocation(4 * WEIGHTS)
    public void fourTokens() {
        kernel.multiply4(panels.data(), 0, INPUTS, x, y);
    }

    @Benchmark
    @OperationsPerInvocation(TileKernel.TILE_TOKENS * WEIGHTS)
    public void sixTokensUnpacked() {
        tile.multiply6(unpacked, 0, INPUTS, x, y);
    }

    @Benchmark
    @OperationsPerInvocation(WEIGHTS)
    public void unpack() {
        kernel.unpack(new Stripe(panels.data(), 0, PANEL_ROWS), INPUTS, PANEL_ROWS, unpacked, 0);
    }
}
