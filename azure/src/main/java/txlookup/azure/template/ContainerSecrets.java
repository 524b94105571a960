package txlookup.azure.template;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.BackfillSource;
import txlookup.profiles.Profile;
import txlookup.profiles.Secret;

/** The secrets of an environment's containers: their variables, their names in Azure, where they come from. */
public final class ContainerSecrets {
    /** What every login with a connection string names as its user. */
    private static final String CONNECTION_STRING_USER = "$ConnectionString";

    private static final String USER_NAME = "event-hubs-user";

    private final Profile profile;

    /** The secrets that a profile names. */
    public ContainerSecrets(Profile profile) {
        this.profile = profile;
    }

    /** Azure's name of the secret in that variable: lower case with hyphens. */
    static String name(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The variable of the database's password. */
    public String databasePassword() {
        return profile.database().passwordVariable().orElseThrow();
    }

    /** The variable of the connection string that may listen. */
    public String connectionString() {
        return profile.messaging().connectionStringVariable();
    }

    String cursorSecret() {
        return profile.api().cursorSecretVariable().orElseThrow();
    }

    Optional<String> backfillPassword() {
        return profile.backfill().source() instanceof BackfillSource.Jdbc jdbc
                ? jdbc.passwordVariable()
                : Optional.empty();
    }

    /** What has to be given before anything is made: all but what the namespace itself makes. */
    public Set<String> required() {
        Set<String> required = new LinkedHashSet<>(profile.secretNames());
        required.remove(connectionString());
        return required;
    }

    /** The variables that the program in a container reads. */
    Set<String> ofContainers() {
        return profile.secretNames();
    }

    /** Values, where secrets come from the environment. */
    ObjectNode given(Map<String, Secret> secrets) {
        ObjectNode all = withUser();
        secrets.forEach((variable, secret) ->
                list(all).addObject().put("name", name(variable)).put("value", secret.reveal()));
        return all;
    }

    /** Addresses in the vault, read by the containers' identity. */
    ObjectNode inVault(String vault, String identity) {
        ObjectNode all = withUser();
        Set<String> variables = new LinkedHashSet<>(profile.secretNames());
        variables.add(connectionString());
        variables.forEach(variable -> list(all)
                .addObject()
                .put("name", name(variable))
                .put("keyVaultUrl", "https://%s.vault.azure.net/secrets/%s".formatted(vault, name(variable)))
                .put("identity", identity));
        return all;
    }

    private static ObjectNode withUser() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.putArray("list").addObject().put("name", USER_NAME).put("value", CONNECTION_STRING_USER);
        return all;
    }

    private static ArrayNode list(ObjectNode all) {
        return (ArrayNode) all.path("list");
    }
}
