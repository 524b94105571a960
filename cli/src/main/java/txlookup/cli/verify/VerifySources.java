package txlookup.cli.verify;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import txlookup.apply.decode.Decoder;
import txlookup.apply.generation.Serving;
import txlookup.apply.model.Entity;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.apply.store.generation.Generation;
import txlookup.backfill.BackfillInputs;
import txlookup.cli.options.BrokerLogin;
import txlookup.cli.options.NoGenerationException;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.BackfillSettings;
import txlookup.profiles.settings.BackfillSource;
import txlookup.proof.compare.DataSet;
import txlookup.proof.completeness.CommittedRecords;
import txlookup.proof.completeness.LogSpan;
import txlookup.proof.log.CommittedLog;
import txlookup.proof.log.Log;
import txlookup.proof.log.LogSide;
import txlookup.proof.source.InputSide;
import txlookup.proof.store.CoverageRows;
import txlookup.proof.store.StoreSide;
import txlookup.proof.store.VerifiedWindows;
import txlookup.rebuild.serving.LiveGenerations;

/** What a profile's store can be compared with; closes what it opened. */
public final class VerifySources implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Profile profile;
    private final SecretSource secrets;
    private final DataSource store;
    private final Generation generation;
    private final List<Runnable> closing = new ArrayList<>();

    public VerifySources(Profile profile, SecretSource secrets, DataSource store, Generation generation) {
        this.profile = profile;
        this.secrets = secrets;
        this.store = store;
        this.generation = generation;
    }

    /** The files or tables that the generation was loaded from. */
    DataSet backfillSource() throws SQLException {
        BackfillInputs inputs = BackfillInputs.of(profile, secrets);
        closing.add(inputs::close);
        return new InputSide(inputs.inputs(), this::decoder, readUntil());
    }

    private Instant readUntil() throws SQLException {
        if (profile.backfill().source() instanceof BackfillSource.Jdbc) {
            return Instant.now();
        }
        Instant registered = new VerifiedWindows(store).backfillReadAt().orElse(generation.cutover());
        return profile.backfill().asOf().orElse(registered);
    }

    /** The log from the generation's anchors on. */
    DataSet log() throws SQLException {
        Instant now = Instant.now();
        Map<String, Entity> topics =
                Map.of(profile.ledgerTopic(), Entity.LEDGER_ENTRY, profile.paymentOrderTopic(), Entity.PAYMENT_ORDER);
        return new LogSide(
                BrokerLogin.added(profile.messaging().consumerProperties(), profile, secrets),
                topics,
                spans(),
                profile.names().canary(),
                new CoverageRows(store).read(),
                this::decoder,
                now);
    }

    /** Where the topics begin and end now. */
    List<LogSpan> spans() {
        try (Log log = new Log(BrokerLogin.added(profile.messaging().adminProperties(), profile, secrets))) {
            return log.spans(List.of(profile.ledgerTopic(), profile.paymentOrderTopic()));
        }
    }

    /** Reads the topics as the consumers do. */
    CommittedRecords committed() {
        return new CommittedLog(BrokerLogin.added(profile.messaging().consumerProperties(), profile, secrets));
    }

    /** What serves in another store, such as one that was rebuilt from the log. */
    DataSet otherStore(String url, String user, @Nullable String passwordVariable) throws SQLException {
        String password = passwordVariable == null
                ? null
                : secrets.require(List.of(passwordVariable))
                        .get(passwordVariable)
                        .reveal();
        Duration statementTimeout = profile.database().statementTimeout();
        long serving;
        try (HikariDataSource control = StoreConnections.control(url, user, password, 1, CONNECT, statementTimeout)) {
            serving = new LiveGenerations(control)
                    .serving()
                    .map(Serving::generation)
                    .orElseThrow(() -> new NoGenerationException("nothing serves in " + url));
        }
        HikariDataSource other =
                StoreConnections.generation(serving, url, user, password, CONNECTIONS, CONNECT, statementTimeout);
        closing.add(other::close);
        Instant until = new VerifiedWindows(other).appliedUntil().orElse(Instant.now());
        return new StoreSide(other, url, until);
    }

    /** What a comparison gives way to: what the load of the same rows does. */
    BackfillSettings.Throttle throttle() {
        return profile.backfill().throttle();
    }

    private Decoder decoder() {
        return new Decoder(profile.events().profile(), profile.events().maxFutureSkew(), Clock.systemUTC());
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
    }
}
