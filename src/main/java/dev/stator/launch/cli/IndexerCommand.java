package dev.stator.launch.cli;

import dev.stator.launch.cli.options.Flags;
import dev.stator.launch.cli.options.IndexOptions;
import dev.stator.launch.indexer.IndexKey;
import dev.stator.launch.indexer.IndexerProcess;
import dev.stator.launch.indexer.Registration;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;

/// `stator indexer`: says over HTTP which engines hold a prompt.
@Command(
        name = "indexer",
        description = "Follows engines' KV events and says over HTTP who holds a prompt.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class IndexerCommand implements Callable<Integer> {
    private static final int PORT_MAX = 65_535;

    @Spec private @Nullable CommandSpec spec; // set by picocli

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            paramLabel = "HOST",
            description = "Address to listen on, without authentication (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8090",
            paramLabel = "PORT",
            description = "Port to listen on, 0 for a free one (default: 8090).")
    private int port;

    @Option(
            names = "--workers",
            split = ",",
            paramLabel = "ID[:RANK]=ENDPOINT",
            description = "Engines to follow from the start, as in 1=tcp://host:5557.")
    private List<String> workers = List.of();

    @Option(
            names = "--block-size",
            paramLabel = "TOKENS",
            description = "Tokens of one KV block of those engines; needed with --workers.")
    private @Nullable Integer blockSize;

    @Option(
            names = "--model-name",
            defaultValue = "default",
            paramLabel = "NAME",
            description = "Their model (default: default).")
    private String modelName = "default";

    @Option(
            names = {"--routing-group", "--tenant-id"},
            defaultValue = IndexKey.DEFAULT_GROUP,
            paramLabel = "NAME",
            description = "Their group (default: default).")
    private String routingGroup = IndexKey.DEFAULT_GROUP;

    @Mixin private final IndexOptions index = new IndexOptions();

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        InetSocketAddress address = Flags.checked(spec, this::address);
        List<Registration> registrations = Flags.checked(spec, this::registrations);
        long indexBytesMax = Flags.checked(spec, index::bytesMax);
        IndexerProcess process = IndexerProcess.open(address, registrations, indexBytesMax);
        var foreground = Foreground.of(process, out);
        out.printf("Stator %s indexer, follows %d ranks%n", VersionText.version(), workers.size());
        out.printf("  URL       http://%s:%d%n", host, process.address().getPort());
        out.println("Ctrl-C stops.");
        out.flush();
        foreground.await();
        return 0;
    }

    private InetSocketAddress address() {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port must be in [0, " + PORT_MAX + "]: " + port);
        }
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("host is unknown: " + host);
        }
        return address;
    }

    private List<Registration> registrations() {
        if (workers.isEmpty()) {
            return List.of();
        }
        if (blockSize == null) {
            throw new IllegalArgumentException("block-size must be given with --workers");
        }
        var key = new IndexKey(modelName, routingGroup);
        int tokens = blockSize;
        return workers.stream().map(it -> Registration.parse(it, key, tokens)).toList();
    }
}
