package dev.stator.engine.cpu.weights;

/// The weights are missing, damaged or not what the model's configuration says. The message names
/// the file and the field or tensor.
public final class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WeightsException(String message) {
        super(message);
    }

    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
