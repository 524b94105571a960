package txlookup.azure.kept;

import java.net.URI;
import txlookup.azure.blob.BlobFolder;

/** The containers of the account that outlives an environment, as the template kept.json makes them. */
public final class KeptBlobs {
    private KeptBlobs() {}

    /** Evidence, and what runs within. */
    public static BlobFolder evidence(URI account) {
        return BlobFolder.at(container(account, "evidence"));
    }

    /** Extracts. */
    public static BlobFolder extracts(URI account) {
        return BlobFolder.at(container(account, "extracts"));
    }

    /** Where the audit is exported to. */
    public static String audit(URI account) {
        return container(account, "audit").toString();
    }

    private static URI container(URI account, String name) {
        return URI.create(account.toString().replaceAll("/+$", "") + "/" + name);
    }
}
