package dev.stator.runtime.discovery.etcd;

import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryContract;
import dev.stator.testing.EtcdServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

class EtcdDiscoveryTest extends DiscoveryContract {
    private static EtcdServer etcd;

    @BeforeAll
    static void start(@TempDir Path folder) {
        etcd = EtcdServer.start(folder);
    }

    @AfterAll
    static void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @Override
    protected Discovery newDiscovery() {
        return EtcdDiscovery.open(
                EtcdConfig.at(List.of(etcd.endpoint())), _ -> true, new SplittableRandom(1));
    }
}
