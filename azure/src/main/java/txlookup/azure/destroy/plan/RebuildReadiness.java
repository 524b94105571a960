package txlookup.azure.destroy.plan;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import txlookup.backfill.BackfillInputs;
import txlookup.backfill.ExtractSample;
import txlookup.backfill.source.Input;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.BackfillSource;

/** Looks whether a backfill could read and decode the extract, and whether the log will reach back to a cutover. */
public final class RebuildReadiness implements RebuildProbe {
    private static final String EXTRACT = "the extract can be loaded";
    private static final String MAKE_ONE = "make the extract first, or plan with the right backfill.* properties";
    private static final int ROWS_FOR_A_SHARE = 100;

    private final RebuildSource source;
    private final SecretSource secrets;
    private final Clock clock;

    /**
     * A look at that source, as a backfill opens it.
     *
     * @param secrets hold a source database's password
     */
    public RebuildReadiness(RebuildSource source, SecretSource secrets, Clock clock) {
        this.source = source;
        this.secrets = secrets;
        this.clock = clock;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        source.source()
                .ifPresentOrElse(
                        from -> findings.addAll(extract(from)),
                        () -> findings.add(
                                new Finding(
                                        EXTRACT,
                                        false,
                                        "the profile names none",
                                        "plan with --set backfill.ndjson.ledgerEntries=... and backfill.ndjson.paymentOrders=..., or with a source database")));
        Duration left = left();
        boolean reaches = left.compareTo(Duration.ZERO) > 0;
        findings.add(new Finding(
                "the log reaches back to a cutover",
                reaches,
                "it keeps %d h, of which %d h must be left: %d h for backfill and catch-up"
                        .formatted(source.retention().toHours(), source.margin().toHours(), left.toHours()),
                reaches ? "" : "raise messaging.retention or lower cutover.margin"));
        return findings;
    }

    private Duration left() {
        return source.retention().minus(source.margin());
    }

    private List<Finding> extract(BackfillSource from) {
        try (BackfillInputs inputs = BackfillInputs.of(from, secrets)) {
            List<Finding> findings = new ArrayList<>();
            for (Input input : inputs.inputs()) {
                findings.add(sample(input));
            }
            return findings;
        } catch (RuntimeException e) {
            return List.of(new Finding(EXTRACT, false, reason(e), MAKE_ONE));
        }
    }

    private Finding sample(Input input) {
        if (!input.isRepeatable()) {
            return new Finding(
                    EXTRACT,
                    false,
                    input.name() + " can be read once only, so nothing of it is known",
                    "plan with the file that it is made of");
        }
        try {
            return judged(ExtractSample.of(
                    input, source.chunkRows(), source.asOf(), source.events(), source.maxFutureSkew(), clock));
        } catch (IOException | SQLException | RuntimeException e) {
            return new Finding(EXTRACT, false, "%s: %s".formatted(input.name(), reason(e)), MAKE_ONE);
        }
    }

    private Finding judged(ExtractSample sample) {
        String seen = "%s: %,d rows sampled, %,d would be dead letters%s"
                .formatted(
                        sample.input(),
                        sample.rows(),
                        sample.refused(),
                        sample.readAt().map(at -> ", read at " + at).orElse(""));
        boolean decodes = sample.refused() < sample.rows()
                && (sample.rows() < ROWS_FOR_A_SHARE || sample.refused() <= source.maxDeadShare() * sample.rows());
        if (!decodes) {
            return new Finding(
                    EXTRACT,
                    false,
                    seen,
                    sample.rows() == 0 ? MAKE_ONE : "correct events.profile or take another extract");
        }
        Instant oldest = clock.instant().minus(left());
        if (sample.readAt().filter(oldest::isAfter).isPresent()) {
            return new Finding(
                    EXTRACT,
                    false,
                    seen
                            + ", longer ago than a log of %d h less %d h reaches back"
                                    .formatted(
                                            source.retention().toHours(),
                                            source.margin().toHours()),
                    "take a new extract");
        }
        return new Finding(EXTRACT, true, seen, "");
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return cause == failure || cause.getMessage() == null || text.contains(cause.getMessage())
                ? text
                : text + ": " + cause.getMessage();
    }
}
