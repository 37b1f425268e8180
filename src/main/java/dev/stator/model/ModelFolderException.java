package dev.stator.model;

import java.nio.file.Path;

/// A model folder is incomplete, damaged or describes a model we do not run. The message names the
/// file and the field.
public final class ModelFolderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelFolderException(Path file, String problem) {
        super(file + ": " + problem);
    }

    public ModelFolderException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
