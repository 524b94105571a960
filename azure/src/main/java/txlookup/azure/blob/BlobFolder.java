package txlookup.azure.blob;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.common.StorageSharedKeyCredential;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;

/**
 * A folder in a container of blobs. A blob is created and never replaced, so that the container may be immutable. The
 * login is the managed identity or the logged-in user; an emulator on this machine takes an account's key.
 */
public final class BlobFolder {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
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
                            "%s needs the account's key in TXLOOKUP_BLOB_KEY".formatted(address)))));
        } else {
            builder.credential(new DefaultAzureCredentialBuilder().build());
        }
        String folder = String.join("/", path.subList(account + 1, path.size()));
        return new BlobFolder(builder.buildClient(), address, folder.isEmpty() ? "" : folder + "/");
    }

    public URI address() {
        return address;
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
            return Optional.of(
                    container.getBlobClient(prefix + name).downloadContent().toBytes());
        } catch (BlobStorageException e) {
            if (e.getStatusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw failure(name, e);
        }
    }

    /** False when there is one of that name, which stays as it is. */
    public boolean create(String name, byte[] content) throws IOException {
        try {
            container
                    .getBlobClient(prefix + name)
                    .getBlockBlobClient()
                    .uploadWithResponse(
                            new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(content))
                                    .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*")),
                            PATIENCE,
                            Context.NONE);
            return true;
        } catch (BlobStorageException e) {
            if (e.getStatusCode() == CONFLICT || e.getStatusCode() == PRECONDITION_FAILED) {
                return false;
            }
            throw failure(name, e);
        }
    }

    /** The names in a folder of it, in their order. */
    public List<String> names(String folder) throws IOException {
        try {
            List<String> names = new ArrayList<>();
            for (BlobItem item :
                    container.listBlobs(new ListBlobsOptions().setPrefix(prefix + folder + "/"), PATIENCE)) {
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
