package dev.stator.launch.cli;

import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: the version of the jar, or that there is none.
final class VersionText implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"stator " + version()};
    }

    static String version() {
        String version = VersionText.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }
}
