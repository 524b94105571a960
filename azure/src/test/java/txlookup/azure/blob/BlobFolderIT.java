package txlookup.azure.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.testing.TestSecrets;

/** Blobs against Azurite, Microsoft's emulator, which npm installs for this test. */
@Tag("nightly")
class BlobFolderIT {
    private static final Path INSTALLED = Path.of("target", "azurite").toAbsolutePath();
    private static final int KEY_BYTES = 64;

    @TempDir
    private static Path data;

    private static Process azurite;
    private static String key;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        Files.createDirectories(INSTALLED);
        for (String file : new String[] {"package.json", "package-lock.json"}) {
            Files.copy(
                    Path.of("src", "test", "azurite", file),
                    INSTALLED.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Path program = INSTALLED.resolve("node_modules/.bin/azurite-blob");
        if (!Files.exists(program)) {
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(INSTALLED.resolve("npm.log").toFile())
                    .start();
            assertThat(npm.waitFor(5, TimeUnit.MINUTES) && npm.exitValue() == 0)
                    .as("npm installs Azurite; Debian's package npm is needed")
                    .isTrue();
        }
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        key = TestSecrets.keep(Base64.getEncoder().encodeToString(random));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--blobPort",
                        Integer.toString(port),
                        "--location",
                        data.toString(),
                        "--skipApiVersionCheck")
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("azurite.log").toFile());
        builder.environment().put("AZURITE_ACCOUNTS", "kept:" + key);
        azurite = builder.start();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers()) {
            assertThat(azurite.isAlive() && System.nanoTime() < until)
                    .as(Files.readString(data.resolve("azurite.log")))
                    .isTrue();
            Thread.sleep(100);
        }
    }

    private static boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        azurite.destroy();
        azurite.waitFor();
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

    private static BlobFolder folder(String path) {
        return BlobFolder.at(URI.create("http://127.0.0.1:%d/kept/%s".formatted(port, path)), Optional.of(key));
    }
}
