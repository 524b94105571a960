package txlookup.azure.destroy.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.BackfillSource;

/**
 * What an environment is made again from; kept in the plan, so that it can be looked for again before the first deletion.
 *
 * @param extract files, or the JDBC address of the source's own database; empty when the profile names none
 * @param retention how long the log keeps its records
 * @param margin how much of it must be left when backfill and catch-up are done
 */
public record RebuildSource(List<String> extract, Duration retention, Duration margin) {
    public RebuildSource {
        extract = List.copyOf(extract);
    }

    /** What that profile says. */
    public static RebuildSource of(Profile profile) {
        List<String> extract = new ArrayList<>();
        BackfillSource source = profile.backfill().source();
        if (source instanceof BackfillSource.Jdbc jdbc) {
            extract.add(jdbc.url());
        } else if (source instanceof BackfillSource.Ndjson files) {
            files.ledgerEntries()
                    .ifPresent(file -> extract.add(file.toAbsolutePath().toString()));
            files.paymentOrders()
                    .ifPresent(file -> extract.add(file.toAbsolutePath().toString()));
        }
        return new RebuildSource(
                extract, profile.messaging().retention(), profile.cutover().margin());
    }
}
