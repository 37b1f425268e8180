package dev.stator.runtime.discovery.file;

import static dev.stator.testing.Eventually.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stator.runtime.discovery.Discovery;
import dev.stator.runtime.discovery.DiscoveryContract;
import dev.stator.runtime.discovery.EndpointId;
import dev.stator.runtime.discovery.Instance;
import dev.stator.runtime.discovery.InstanceChange;
import dev.stator.runtime.discovery.InstanceChange.Added;
import dev.stator.runtime.discovery.InstanceChange.Changed;
import dev.stator.runtime.discovery.InstanceChange.Removed;
import dev.stator.runtime.discovery.Transport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

class FileDiscoveryTest extends DiscoveryContract {
    private static final Duration POLL_PERIOD = Duration.ofMillis(5);
    private static final Instance WORKER =
            Instance.of(
                    new EndpointId("test", "back-end", "generate"), 42, Transport.tcp("here:1"));
    private static final String FILE = "v1/instances/test%2Fback%2Dend%2Fgenerate%2F2a";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final List<Discovery> opened = new ArrayList<>();
    private final List<InstanceChange> seen = new CopyOnWriteArrayList<>();
    @TempDir private Path root;

    @Override
    protected Discovery newDiscovery() {
        var discovery = FileDiscovery.open(root, now::get, POLL_PERIOD);
        opened.add(discovery);
        return discovery;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Discovery::close);
    }

    @Test
    void anInstanceIsOneFileWithAnEscapedName() {
        newDiscovery().announce(WORKER);

        assertThat(root.resolve(FILE))
                .hasContent(
                        """
                        {"type":"Endpoint","component":"back-end","endpoint":"generate",\
                        "namespace":"test","instance_id":42,"transport":{"tcp":"here:1"}}\
                        """);
        assertThat(root.resolve("v1/instances")).isDirectoryNotContaining("glob:**.tmp_*");
    }

    @Test
    void anotherProcessSeesWhatComesChangesAndGoes() {
        newDiscovery().watch(seen::add);
        Discovery owner = newDiscovery();
        Discovery.Announcement announcement = owner.announce(WORKER);
        awaitSeen(new Added(WORKER));

        Instance moved = Instance.of(WORKER.endpoint(), 42, Transport.tcp("there:1"));
        announcement.update(moved);
        awaitSeen(new Added(WORKER), new Changed(moved));

        owner.close();
        awaitSeen(new Added(WORKER), new Changed(moved), new Removed(moved));
    }

    @Test
    void anInstanceOfAnotherProcessCannotBeAnnouncedAgain() {
        newDiscovery().announce(WORKER);

        assertThatThrownBy(() -> newDiscovery().announce(WORKER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already announced");
    }

    @Test
    void whoDoesNotTouchItsFilesIsGoneAfterTheTimeToLive() throws IOException {
        Path left = Files.createDirectories(root.resolve("v1/instances")).resolve("left");
        Discovery reader = newDiscovery();
        reader.announce(WORKER);
        Files.copy(root.resolve(FILE), left);
        Files.writeString(left, Files.readString(left).replace(":42", ":43"));
        await().untilAsserted(() -> assertThat(reader.instances()).hasSize(2));

        now.updateAndGet(it -> it.plus(FileDiscovery.TTL).plusSeconds(1));

        await().untilAsserted(() -> assertThat(reader.instances()).containsExactly(WORKER));
        assertThat(left).doesNotExist();
    }

    @Test
    void aFileThatWasTakenForStaleIsWrittenAgain() throws IOException {
        newDiscovery().announce(WORKER);
        Files.delete(root.resolve(FILE));

        now.updateAndGet(it -> it.plusSeconds(4));

        await().untilAsserted(() -> assertThat(root.resolve(FILE)).exists());
    }

    @Test
    void whatIsNoRecordIsPassedOver() throws IOException {
        Path folder = Files.createDirectories(root.resolve("v1/instances"));
        Files.writeString(folder.resolve("%zz"), "no JSON");
        Files.writeString(folder.resolve(".tmp_0123456789abcdef"), "half a rec");
        Files.createDirectory(folder.resolve("folder"));
        Discovery reader = newDiscovery();
        newDiscovery().announce(WORKER);

        await().untilAsserted(() -> assertThat(reader.instances()).containsExactly(WORKER));
    }

    @Test
    void closingLeavesNoFileAndNoThread() {
        Discovery discovery = newDiscovery();
        discovery.announce(WORKER);
        discovery.close();
        discovery.close();
        opened.forEach(Discovery::close);

        assertThat(root.resolve("v1/instances")).isEmptyDirectory();
        await().untilAsserted(
                        () ->
                                assertThat(Thread.getAllStackTraces().keySet())
                                        .extracting(Thread::getName)
                                        .doesNotContain("file-discovery"));
    }

    private void awaitSeen(InstanceChange... expected) {
        await().untilAsserted(() -> assertThat(seen).containsExactly(expected));
    }
}
