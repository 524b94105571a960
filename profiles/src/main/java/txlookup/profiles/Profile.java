package txlookup.profiles;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.naming.Names;
import txlookup.profiles.naming.Naming;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.secrets.SecretsMode;
import txlookup.profiles.settings.ApiSettings;
import txlookup.profiles.settings.AuditSettings;
import txlookup.profiles.settings.AuthMode;
import txlookup.profiles.settings.BackfillSettings;
import txlookup.profiles.settings.BackfillSource;
import txlookup.profiles.settings.ConsumerSettings;
import txlookup.profiles.settings.CutoverSettings;
import txlookup.profiles.settings.DatabaseLogin;
import txlookup.profiles.settings.DatabaseSettings;
import txlookup.profiles.settings.EventSettings;
import txlookup.profiles.settings.LocalSettings;
import txlookup.profiles.settings.MessagingSettings;
import txlookup.profiles.settings.ServingSettings;
import txlookup.profiles.settings.TelemetrySettings;

/**
 * What one environment is. It holds no secret, only the names of secrets.
 *
 * @param origin the file it was read from, for messages
 * @param stage what the environment is for
 * @param naming what every name and tag is made of
 * @param region the Azure region, such as {@code koreacentral}; required in the cloud
 * @param database the PostgreSQL database
 * @param messaging Kafka or Event Hubs
 * @param events what the events look like and where they come from
 * @param consumer the process that applies the stream
 * @param backfill the load of what was there before the cutover
 * @param cutover the line between backfill and stream
 * @param serving the bounds of the acts that change which generation serves
 * @param api the lookup API and its console
 * @param audit how long the audit is kept, and where it is exported to
 * @param secrets where secrets come from; default {@link SecretsMode#ENVIRONMENT}
 * @param telemetry where traces and metrics are sent
 * @param generation a pinned generation; absent, the cutover gives it
 * @param local the servers of stage local
 */
public record Profile(
        String origin,
        Stage stage,
        Naming naming,
        Optional<String> region,
        DatabaseSettings database,
        MessagingSettings messaging,
        EventSettings events,
        ConsumerSettings consumer,
        BackfillSettings backfill,
        CutoverSettings cutover,
        ServingSettings serving,
        ApiSettings api,
        AuditSettings audit,
        SecretsMode secrets,
        TelemetrySettings telemetry,
        Optional<GenerationNumber> generation,
        LocalSettings local) {

    public Profile {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(naming, "naming");
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(messaging, "messaging");
        Objects.requireNonNull(events, "events");
        Objects.requireNonNull(consumer, "consumer");
        Objects.requireNonNull(backfill, "backfill");
        Objects.requireNonNull(cutover, "cutover");
        Objects.requireNonNull(serving, "serving");
        Objects.requireNonNull(api, "api");
        Objects.requireNonNull(audit, "audit");
        Objects.requireNonNull(secrets, "secrets");
        Objects.requireNonNull(telemetry, "telemetry");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(local, "local");
    }

    /** The effective topic of the ledger entries. */
    public String ledgerTopic() {
        return events.ledgerTopic();
    }

    /** The effective topic of the payment orders. */
    public String paymentOrderTopic() {
        return events.paymentOrderTopic();
    }

    /** The environment's names and tags. */
    public Names names() {
        return new Names(naming);
    }

    /** The names of every secret that this environment's processes use, for {@code SecretSource.require}. */
    public Set<String> secretNames() {
        Set<String> names = new LinkedHashSet<>();
        if (database.login() == DatabaseLogin.PASSWORD) {
            database.passwordVariable().ifPresent(names::add);
        }
        messaging.secretVariable().ifPresent(names::add);
        if (backfill.source() instanceof BackfillSource.Jdbc jdbc) {
            jdbc.passwordVariable().ifPresent(names::add);
        }
        api.cursorSecretVariable().ifPresent(names::add);
        api.auth().signIn().clientSecretVariable().ifPresent(names::add);
        return names;
    }

    /**
     * Refuses a profile that the lookup API cannot start with. Only the API needs an issuer and an audience, so that an
     * environment can be planned, migrated and destroyed before they are known.
     *
     * @throws ProfileException when {@code api.auth.mode} is {@code oidc} and issuer or audience is missing
     */
    public void requireReadyToServe() {
        List<ProfileProblem> problems = new ArrayList<>();
        if (api.auth().mode() == AuthMode.OIDC && api.auth().issuer().isEmpty()) {
            problems.add(missing("api.auth.issuer", "the token issuer's URL"));
        }
        if (api.auth().mode() == AuthMode.OIDC && api.auth().audience().isEmpty()) {
            problems.add(missing("api.auth.audience", "the audience that tokens name"));
        }
        if (!problems.isEmpty()) {
            throw new ProfileException("serving " + origin, problems);
        }
    }

    private ProfileProblem missing(String field, String wanted) {
        String variable = EnvironmentNames.of(List.of(field.split("\\.")));
        return new ProfileProblem(
                field, "nothing", "%s, given by --set %s=, %s or the file".formatted(wanted, field, variable), origin);
    }
}
