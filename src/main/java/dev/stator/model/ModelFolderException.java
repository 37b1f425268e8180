package dev.stator.model;

import java.nio.file.Path;

/// A model folder is incomplete, damaged or describes a model we do not run. The message names the
/// file and the field.
public final class ModelFolderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelFolderException(Path file, String problem) {
        super(file + ": " + problem);
    }

    /// What `cause` says, said of `file`.
    public ModelFolderException(Path file, RuntimeException cause) {
        super(file + ": " + cause.getMessage(), cause);
    }

    public ModelFolderException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
