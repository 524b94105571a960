package txlookup.azure.template;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.azure.login.KafkaLogin;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;
import txlookup.profiles.secrets.SecretsMode;
import txlookup.profiles.settings.BackfillSource;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.TelemetrySettings;

/** The secrets of an environment's containers: their variables, their names in Azure, where they come from. */
public final class ContainerSecrets {
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

    /** The variable of the administrator's password, which only processes without a token of their own get. */
    public String databasePassword() {
        return profile.database().passwordVariable().orElseThrow();
    }

    /** The variable of what is logged in to the log with: a connection string that may listen, or a password. */
    public String broker() {
        return profile.messaging().secretVariable().orElse(profile.messaging().connectionStringVariable());
    }

    String cursorSecret() {
        return profile.api().cursorSecretVariable().orElseThrow();
    }

    Optional<String> backfillPassword() {
        return profile.backfill().source() instanceof BackfillSource.Jdbc jdbc
                ? jdbc.passwordVariable()
                : Optional.empty();
    }

    /** Whether services send to Application Insights; the template itself reads the connection string of the component. */
    boolean sendsTelemetry() {
        return profile.telemetry().exporter() == TelemetrySettings.Exporter.AZURE_MONITOR;
    }

    /** What has to be given before anything is made: all but what the namespace itself makes. */
    public Set<String> required() {
        Set<String> required = new LinkedHashSet<>(profile.secretNames());
        removeMade(required);
        required.add(databasePassword());
        return required;
    }

    /** What has to be given to reach store and log of an environment that is there. */
    public Set<String> requiredToReach() {
        Set<String> required = new LinkedHashSet<>(Set.of(databasePassword()));
        profile.messaging().secretVariable().ifPresent(required::add);
        removeMade(required);
        return required;
    }

    /** What has to be given to make the environment from within. */
    public Set<String> requiredWithin() {
        Set<String> required = readBy(AppsPart.WITHIN);
        removeMade(required);
        return required;
    }

    /** The variables that the program reads in that use, and no more: who answers lookups knows no source's password. */
    Set<String> readBy(AppsPart part) {
        Set<String> read = new LinkedHashSet<>();
        if (profile.database().login() == DatabaseLogin.PASSWORD || part == AppsPart.WITHIN) {
            read.add(databasePassword());
        }
        if (part == AppsPart.WITHIN) {
            backfillPassword().ifPresent(read::add);
            if (profile.secrets() != SecretsMode.KEY_VAULT) {
                // It deploys the others, which are given values here.
                read.addAll(required());
            }
        }
        if (part == AppsPart.BACKFILL || part == AppsPart.CONSUMER || part == AppsPart.WITHIN) {
            profile.messaging().secretVariable().ifPresent(read::add);
        }
        if (part == AppsPart.BACKFILL) {
            backfillPassword().ifPresent(read::add);
        }
        if (part == AppsPart.API) {
            read.add(cursorSecret());
            profile.api().auth().signIn().clientSecretVariable().ifPresent(read::add);
        }
        if (sendsTelemetry() && (part == AppsPart.CONSUMER || part == AppsPart.API)) {
            read.add(TelemetrySettings.CONNECTION_STRING);
        }
        return read;
    }

    /** What its container is given; the scale rules log in with what the consumer reads. */
    private Set<String> of(AppsPart part) {
        Set<String> all = readBy(part);
        all.remove(TelemetrySettings.CONNECTION_STRING);
        return all;
    }

    /** Values, where secrets come from the environment. */
    ObjectNode given(AppsPart part, Map<String, Secret> secrets) {
        ObjectNode all = withUser();
        secrets.entrySet().stream()
                .filter(secret -> of(part).contains(secret.getKey()))
                .forEach(secret -> list(all)
                        .addObject()
                        .put("name", name(secret.getKey()))
                        .put("value", secret.getValue().reveal()));
        return all;
    }

    /**
     * Addresses in the vault, read by the containers' identity. What works from within has secrets of the environment as its
     * own: those who may read the ones of a job may also set them. The source's password is not one of these.
     */
    ObjectNode inVault(AppsPart part, String vault, String identity, Map<String, Secret> secrets) {
        ObjectNode all = withUser();
        for (String variable : of(part)) {
            ObjectNode secret = list(all).addObject().put("name", name(variable));
            if (part.isKept() && !variable.equals(backfillPassword().orElse(""))) {
                secret.put("value", secrets.get(variable).reveal());
            } else {
                secret.put("keyVaultUrl", "https://%s.vault.azure.net/secrets/%s".formatted(vault, name(variable)))
                        .put("identity", identity);
            }
        }
        return all;
    }

    /** The namespace makes its connection string itself. */
    private void removeMade(Set<String> required) {
        if (profile.messaging().security().isEventHubs()) {
            required.remove(broker());
        }
    }

    private ObjectNode withUser() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        String user = profile.messaging().user().orElse(KafkaLogin.CONNECTION_STRING);
        all.putArray("list").addObject().put("name", USER_NAME).put("value", user);
        return all;
    }

    private static ArrayNode list(ObjectNode all) {
        return (ArrayNode) all.path("list");
    }
}
