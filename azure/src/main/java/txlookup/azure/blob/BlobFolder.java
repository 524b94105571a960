package txlookup.azure.blob;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobSeekableByteChannelReadOptions;
import com.azure.storage.blob.options.BlobUploadFromFileOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.AppendBlobClient;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.login.Identity;

/**
 * A folder in a container of blobs. A blob is created and never replaced, so that the container may be immutable; one
 * kind only grows. The login is the managed identity or the logged-in user; an emulator on this machine takes an account's key.
 */
public final class BlobFolder {
    private static final String EMULATOR_KEY = "TXLOOKUP_BLOB_KEY";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LONGEST_UPLOAD = Duration.ofHours(6);
    private static final Duration ROLES_TAKE = Duration.ofMinutes(15);
    private static final Duration ASK_EVERY = Duration.ofSeconds(10);
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    private final BlobContainerClient container;
    private final URI address;
    private final String prefix;

    private BlobFolder(BlobContainerClient container, URI address, String prefix) {
        this.container = container;
        this.address = address;
        this.prefix = prefix;
    }

    /** As {@link #at(URI, Optional)}, with the emulator's key from this process's variables. */
    public static BlobFolder at(URI address) {
        return at(address, Optional.ofNullable(System.getenv(EMULATOR_KEY)));
    }

    /**
     * The folder at an address such as {@code https://account.blob.core.windows.net/container/folder}, or
     * {@code http://127.0.0.1:10000/account/container/folder} for an emulator.
     *
     * @param emulatorKey the account's key; an emulator alone has one
     * @throws IllegalArgumentException when the address names no container, or is not https
     */
    public static BlobFolder at(URI address, Optional<String> emulatorKey) {
        boolean emulator = ArmClient.isThisMachine(address);
        if (!emulator && !"https".equals(address.getScheme())) {
            throw new IllegalArgumentException(
                    "%s is not https; only an emulator on this machine may be asked over http".formatted(address));
        }
        List<String> path = List.of(address.getPath().replaceAll("^/+|/+$", "").split("/"));
        int account = emulator ? 1 : 0;
        if (path.size() <= account || path.get(account).isEmpty()) {
            throw new IllegalArgumentException(
                    "%s names no container; wanted https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER"
                            .formatted(address));
        }
        String server = "%s://%s".formatted(address.getScheme(), address.getAuthority());
        HttpClient http = new JdkHttpClientBuilder().build();
        BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                .httpClient(http)
                .containerName(path.get(account))
                .endpoint(emulator ? server + "/" + path.get(0) : server);
        if (emulator) {
            builder.credential(new StorageSharedKeyCredential(
                    path.get(0),
                    emulatorKey.orElseThrow(() -> new IllegalArgumentException(
                            "%s needs the account's key in %s".formatted(address, EMULATOR_KEY)))));
        } else {
            builder.credential(Identity.ofThisProcess());
        }
        String folder = String.join("/", path.subList(account + 1, path.size()));
        return new BlobFolder(builder.buildClient(), address, folder.isEmpty() ? "" : folder + "/");
    }

    public URI address() {
        return address;
    }

    /**
     * Waits for a role that was assigned a moment ago: it holds minutes later (docs/azure-facts.md, B). An emulator knows no
     * roles.
     */
    public void awaitAccess() throws IOException, InterruptedException {
        long until = System.nanoTime() + (ArmClient.isThisMachine(address) ? 0 : ROLES_TAKE.toNanos());
        while (true) {
            try {
                blob("access").exists();
                return;
            } catch (BlobStorageException e) {
                if (e.getStatusCode() != FORBIDDEN || System.nanoTime() > until) {
                    throw failure("access", e);
                }
            }
            Thread.sleep(ASK_EVERY.toMillis());
        }
    }

    /** Makes the container where it is not there. */
    public void make() throws IOException {
        try {
            container.createIfNotExists();
        } catch (BlobStorageException e) {
            throw failure("the container", e);
        }
    }

    public Optional<byte[]> read(String name) throws IOException {
        try {
            return Optional.of(blob(name).downloadContent().toBytes());
        } catch (BlobStorageException e) {
            if (e.getStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw failure(name, e);
        }
    }

    public boolean has(String name) throws IOException {
        try {
            return blob(name).exists();
        } catch (BlobStorageException e) {
            throw failure(name, e);
        }
    }

    public long size(String name) throws IOException {
        try {
            return blob(name).getProperties().getBlobSize();
        } catch (BlobStorageException e) {
            throw failure(name, e);
        }
    }

    /** Opens a blob at its first byte. A blob that is replaced meanwhile makes a read fail. */
    public SeekableByteChannel open(String name) throws IOException {
        try {
            return blob(name)
                    .openSeekableByteChannelRead(new BlobSeekableByteChannelReadOptions(), Context.NONE)
                    .getChannel();
        } catch (BlobStorageException e) {
            throw failure(name, e);
        }
    }

    /** Copies a file of this machine there; false when there is one of that name, which stays as it is. */
    public boolean upload(String name, Path file) throws IOException {
        if (has(name)) {
            return false;
        }
        try {
            blob(name)
                    .uploadFromFileWithResponse(
                            new BlobUploadFromFileOptions(file.toString())
                                    .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*")),
                            LONGEST_UPLOAD,
                            Context.NONE);
            return true;
        } catch (BlobStorageException e) {
            if (isThere(e)) {
                return false;
            }
            throw failure(name, e);
        } catch (UncheckedIOException e) {
            throw new IOException("%s could not be copied to %s: %s".formatted(file, address, e.getMessage()), e);
        }
    }

    /** Writes at the end of a blob that only grows; it is made where it is not there. */
    public void append(String name, byte[] content) throws IOException {
        AppendBlobClient growing = blob(name).getAppendBlobClient();
        try {
            if (!growing.exists()) {
                growing.createIfNotExists();
            }
            growing.appendBlock(new ByteArrayInputStream(content), content.length);
        } catch (BlobStorageException e) {
            throw failure(name, e);
        }
    }

    /** A lease on a blob, which is made where it is not there. */
    BlobLeaseClient lease(String name) throws IOException {
        create(name, new byte[0]);
        return new BlobLeaseClientBuilder().blobClient(blob(name)).buildClient();
    }

    private BlobClient blob(String name) {
        return container.getBlobClient(prefix + name);
    }

    /** False when there is one of that name, which stays as it is. */
    public boolean create(String name, byte[] content) throws IOException {
        try {
            blob(name)
                    .getBlockBlobClient()
                    .uploadWithResponse(
                            new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content))
                                    .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*")),
                            PATIENCE,
                            Context.NONE);
            return true;
        } catch (BlobStorageException e) {
            if (isThere(e)) {
                return false;
            }
            throw failure(name, e);
        }
    }

    private static boolean isThere(BlobStorageException e) {
        return e.getStatusCode() == CONFLICT || e.getStatusCode() == PRECONDITION_FAILED;
    }

    /** The names in a folder of it, also of folders within, in their order; all where the folder is empty text. */
    public List<String> names(String folder) throws IOException {
        try {
            List<String> names = new ArrayList<>();
            for (BlobItem item : container.listBlobs(
                    new ListBlobsOptions().setPrefix(prefix + (folder.isEmpty() ? "" : folder + "/")), PATIENCE)) {
                names.add(item.getName().substring(prefix.length()));
            }
            return names.stream().sorted().toList();
        } catch (BlobStorageException e) {
            if (e.getStatusCode() == NOT_FOUND) {
                return List.of();
            }
            throw failure(folder, e);
        }
    }

    private IOException failure(String name, BlobStorageException e) {
        return new IOException("%s in %s: HTTP %d %s".formatted(name, address, e.getStatusCode(), e.getErrorCode()), e);
    }
}
