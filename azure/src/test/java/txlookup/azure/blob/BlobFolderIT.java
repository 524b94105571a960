package txlookup.azure.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.testing.TestSecrets;

/** Blobs against Azurite, Microsoft's emulator, which npm installs for this test. */
@Tag("nightly")
class BlobFolderIT {
    private static final int KEY_BYTES = 64;

    @TempDir
    private static Path data;

    private static Azurite azurite;

    @BeforeAll
    static void start() {
        azurite = Azurite.start(data, "kept", TestSecrets.keep(Azurite.keyOfThisProcess()));
    }

    @AfterAll
    static void stop() {
        azurite.close();
    }

    @Test
    void aBlobIsCreatedOnceAndReadAndListed() throws IOException {
        BlobFolder blobs = folder("audit/kim/dev");
        assertThat(blobs.names("manifests")).as("no container yet").isEmpty();
        blobs.make();
        blobs.make();

        assertThat(blobs.create("manifests/2.json", "two".getBytes(UTF_8))).isTrue();
        assertThat(blobs.create("manifests/1.json", "one".getBytes(UTF_8))).isTrue();
        assertThat(blobs.create("rows/1.ndjson", new byte[0])).isTrue();
        assertThat(blobs.create("manifests/1.json", "another".getBytes(UTF_8))).isFalse();

        assertThat(blobs.read("manifests/1.json")).hasValue("one".getBytes(UTF_8));
        assertThat(blobs.read("manifests/3.json")).isEmpty();
        assertThat(blobs.names("manifests")).containsExactly("manifests/1.json", "manifests/2.json");
        assertThat(folder("audit/kim").names("manifests")).isEmpty();
    }

    @Test
    void anotherKeyIsRefused() {
        BlobFolder stranger = BlobFolder.at(
                folder("audit").address(), Optional.of(Base64.getEncoder().encodeToString(new byte[KEY_BYTES])));

        assertThatThrownBy(() -> stranger.read("manifests/1.json"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("HTTP 403");
    }

    @Test
    void anAddressWithoutAContainerOrWithoutEncryptionIsRefused() {
        assertThatThrownBy(() -> BlobFolder.at(URI.create("https://a.blob.core.windows.net/"), Optional.empty()))
                .hasMessageContaining("names no container");
        assertThatThrownBy(() -> BlobFolder.at(URI.create("http://a.blob.core.windows.net/audit"), Optional.empty()))
                .hasMessageContaining("is not https");
    }

    @Test
    void aBlobIsReadFromTheMiddleAndOneThatGrowsKeepsWhatWasThere() throws IOException {
        BlobFolder blobs = folder("evidence");
        blobs.make();
        Path file =
                Files.write(data.resolve("rows"), "0123456789".repeat(1_000_000).getBytes(UTF_8));
        assertThat(blobs.has("rows")).isFalse();
        assertThat(blobs.upload("rows", file)).isTrue();
        assertThat(blobs.upload("rows", file)).as("it stays as it is").isFalse();
        assertThat(blobs.has("rows")).isTrue();
        assertThat(blobs.size("rows")).isEqualTo(10_000_000);
        try (SeekableByteChannel channel = blobs.open("rows")) {
            channel.position(9_999_995);
            ByteBuffer end = ByteBuffer.allocate(10);
            while (channel.read(end) > 0) {
                // Until the end.
            }
            assertThat(new String(end.array(), 0, end.position(), UTF_8)).isEqualTo("56789");
        }
        blobs.append("lines", "one\n".getBytes(UTF_8));
        blobs.append("lines", "two\n".getBytes(UTF_8));
        assertThat(blobs.read("lines")).hasValue("one\ntwo\n".getBytes(UTF_8));
        assertThat(blobs.names("")).contains("lines", "rows");
    }

    @Test
    void aLeaseIsHeldByOneAndFreeOnceItIsGivenBack() throws Exception {
        BlobFolder blobs = folder("leases");
        blobs.make();
        Optional<BlobLease> first = BlobLease.take(blobs, "lease", Duration.ZERO, () -> {});
        assertThat(first).isPresent();
        assertThat(BlobLease.take(blobs, "lease", Duration.ofSeconds(1), () -> {}))
                .isEmpty();
        first.get().close();
        Optional<BlobLease> second = BlobLease.take(blobs, "lease", Duration.ZERO, () -> {});
        assertThat(second).isPresent();
        second.get().close();
    }

    private static BlobFolder folder(String path) {
        return azurite.folder(path);
    }
}
