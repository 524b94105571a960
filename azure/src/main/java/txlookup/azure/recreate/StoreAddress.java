package txlookup.azure.recreate;

import java.io.IOException;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.login.DatabaseAccess;
import txlookup.profiles.Profile;

/** Where an environment's database answers, as Azure says it. */
public final class StoreAddress {
    private static final int NOT_FOUND = 404;

    private StoreAddress() {}

    /**
     * The JDBC address of a server's database; empty when there is no such server any more.
     *
     * @throws IOException when Azure names no host of it
     */
    public static Optional<String> of(ArmClient client, ArmId server, Profile profile)
            throws IOException, InterruptedException {
        ArmResponse answer =
                client.read(client.address(server.toString(), "api-version=" + AzureKind.POSTGRES.apiVersion()));
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        }
        String host = answer.body()
                .path("properties")
                .path("fullyQualifiedDomainName")
                .asString("");
        if (host.isEmpty()) {
            throw new IOException("Azure names no host of %s".formatted(server));
        }
        String url = new Endpoints(profile).administratorUrl(host);
        return Optional.of(Endpoints.isOnThisMachine(host) ? url : DatabaseAccess.jdbcUrl(url, profile.database()));
    }
}
