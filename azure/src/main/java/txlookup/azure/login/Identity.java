package txlookup.azure.login;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.DefaultAzureCredentialBuilder;

/** Who this process is for Azure: its managed identity, or whoever is logged in on this machine. */
final class Identity {
    private Identity() {}

    /**
     * One credential for the whole process: it keeps its tokens and renews them some time before they end, so that a
     * hundred connections ask Azure once.
     */
    static TokenCredential ofThisProcess() {
        return Once.CREDENTIAL;
    }

    /** Made when it is first wanted, which is never where passwords are used. */
    private static final class Once {
        private static final TokenCredential CREDENTIAL = new DefaultAzureCredentialBuilder().build();
    }
}
