package dev.stator.engine.cpu.forward;

import dev.stator.engine.cpu.kernels.WeightFormat;
import dev.stator.engine.cpu.weights.DType;
import dev.stator.engine.cpu.weights.Tensor;
import dev.stator.engine.cpu.weights.TensorSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A model whose matrices are rounded to what a weight format can hold, so that arithmetic on them
/// can be told from rounding them.
record RoundedTensors(TensorSource exact, WeightFormat format) implements TensorSource {

    @Override
    public boolean contains(String name) {
        return exact.contains(name);
    }

    @Override
    public Tensor tensor(String name) {
        Tensor tensor = exact.tensor(name);
        if (tensor.shape().size() < 2) {
            return tensor;
        }
        int columns = tensor.columns();
        MemorySegment data = Arena.ofAuto().allocate(tensor.elements() * Float.BYTES, 4);
        for (int row = 0; row < tensor.rows(); row++) {
            long first = (long) row * columns;
            double greatest = greatest(tensor, first);
            for (int k = 0; k < columns; k++) {
                float rounded = round(tensor.at(first + k), greatest);
                data.setAtIndex(ValueLayout.JAVA_FLOAT, first + k, rounded);
            }
        }
        return new Tensor(name, DType.F32, tensor.shape(), data);
    }

    @Override
    public void close() {}

    private float round(float value, double greatest) {
        return switch (format) {
            case F32 -> value;
            case BF16 -> {
                float ulp = Math.ulp(value) * (1 << 16);
                yield (float) (Math.rint(value / (double) ulp) * ulp);
            }
            case INT8 -> (float) (Math.rint(value * (127 / greatest)) * greatest / 127);
        };
    }

    private static double greatest(Tensor tensor, long first) {
        double greatest = 0;
        for (int k = 0; k < tensor.columns(); k++) {
            greatest = Math.max(greatest, Math.abs(tensor.at(first + k)));
        }
        return greatest;
    }
}
