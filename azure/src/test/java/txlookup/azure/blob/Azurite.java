package txlookup.azure.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Stream;

/** Azurite, Microsoft's emulator of blob storage, which npm installs when it is first wanted: one account. */
public final class Azurite implements AutoCloseable {
    /** The variable in which an emulator's key is found. */
    public static final String KEY = "TXLOOKUP_BLOB_KEY";

    private static final int KEY_BYTES = 64;
    private static final String LIST = "src/test/azurite";

    private final Process process;
    private final URI endpoint;
    private final String key;

    private Azurite(Process process, URI endpoint, String key) {
        this.process = process;
        this.endpoint = endpoint;
        this.key = key;
    }

    /** The one that was exported, else one by chance. */
    public static String keyOfThisProcess() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return Optional.ofNullable(System.getenv(KEY))
                .orElseGet(() -> Base64.getEncoder().encodeToString(random));
    }

    /** @throws IllegalStateException when npm is missing, or installs nothing, or nothing answers */
    public static Azurite start(Path data, String account, String key) {
        try {
            Path log = Files.createDirectories(data).resolve("azurite.log");
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            ProcessBuilder builder = new ProcessBuilder(
                            program().toString(),
                            "--blobPort",
                            Integer.toString(port),
                            "--location",
                            data.toString(),
                            "--skipApiVersionCheck")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("AZURITE_ACCOUNTS", account + ":" + key);
            Azurite azurite =
                    new Azurite(builder.start(), URI.create("http://127.0.0.1:%d/%s/".formatted(port, account)), key);
            azurite.awaitAnswer(port, log);
            return azurite;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static synchronized Path program() throws IOException, InterruptedException {
        Path list = Stream.of("", "azure", "../azure")
                .map(folder -> Path.of(folder).resolve(LIST).toAbsolutePath().normalize())
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no azure/%s here; start the practice in the clone's own folder".formatted(LIST)));
        Path installed =
                Files.createDirectories(list.resolve("../../../target/azurite").normalize());
        Path program = installed.resolve("node_modules/.bin/azurite-blob");
        if (!Files.exists(program)) {
            for (String file : new String[] {"package.json", "package-lock.json"}) {
                Files.copy(list.resolve(file), installed.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(installed.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(installed.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                throw new IllegalStateException("npm did not install Azurite, see %s; Debian's package npm is needed"
                        .formatted(installed.resolve("npm.log")));
            }
        }
        return program;
    }

    private void awaitAnswer(int port, Path log) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers(port)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IllegalStateException("Azurite does not answer: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Where the account's containers are. */
    public URI endpoint() {
        return endpoint;
    }

    public String key() {
        return key;
    }

    /** Makes a container. */
    public void container(String name) {
        try {
            folder(name).make();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A container, or a folder in one. */
    public BlobFolder folder(String path) {
        return BlobFolder.at(endpoint.resolve(path), Optional.of(key));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
