package txlookup.azure.login;

import com.azure.core.credential.TokenCredential;
import com.azure.identity.ClientAssertionCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import java.util.Map;

/** Who this process is for Azure: its managed identity, its workflow's application, or the person logged in here. */
public final class Identity {
    private Identity() {}

    /**
     * One credential for the whole process: it keeps its tokens and renews them some time before they end, so that a
     * hundred connections ask Azure once.
     */
    public static TokenCredential ofThisProcess() {
        return Once.CREDENTIAL;
    }

    /**
     * In a workflow of GitHub, an assertion that is fetched for every token. The one that a login action leaves with Azure's
     * command line ends after minutes, and the command line sends it again for each new audience (AADSTS700024).
     */
    static TokenCredential of(Map<String, String> environment) {
        return new CachedCredential(GitHubAssertion.of(environment)
                .<TokenCredential>map(assertion -> new ClientAssertionCredentialBuilder()
                        .tenantId(environment.get("AZURE_TENANT_ID"))
                        .clientId(environment.get("AZURE_CLIENT_ID"))
                        .clientAssertion(assertion)
                        .build())
                .orElseGet(() -> new DefaultAzureCredentialBuilder().build()));
    }

    /** Made when it is first wanted, which is never where passwords are used. */
    private static final class Once {
        private static final TokenCredential CREDENTIAL = of(System.getenv());
    }
}
