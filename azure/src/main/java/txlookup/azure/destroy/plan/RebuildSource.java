package txlookup.azure.destroy.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.backfill.source.ExtractFiles;
import txlookup.profiles.Profile;
import txlookup.profiles.events.EventProfile;
import txlookup.profiles.settings.BackfillSource;

/**
 * What an environment is made again from; kept in the plan, so that it can be looked at again before the first deletion.
 *
 * @param files files, folders or standard input; null where a database is read, or the profile names nothing
 * @param database the source's own database; null where files are read
 * @param asOf when the files were read, where the profile says it
 * @param events what a row looks like
 * @param maxFutureSkew how far a row's time may be ahead
 * @param chunkRows rows of a sample
 * @param maxDeadShare share of dead letters, of 1, in a sample above which it is no extract
 * @param retention how long the log keeps its records
 * @param margin how much of it must be left when backfill and catch-up are done
 */
public record RebuildSource(
        BackfillSource.@Nullable Ndjson files,
        BackfillSource.@Nullable Jdbc database,
        Optional<Instant> asOf,
        EventProfile events,
        Duration maxFutureSkew,
        int chunkRows,
        double maxDeadShare,
        Duration retention,
        Duration margin) {

    /** What that profile says. */
    public static RebuildSource of(Profile profile) {
        BackfillSource source = profile.backfill().source();
        return new RebuildSource(
                source instanceof BackfillSource.Ndjson files ? absolute(files) : null,
                source instanceof BackfillSource.Jdbc jdbc ? jdbc : null,
                profile.backfill().asOf(),
                profile.events().profile(),
                profile.events().maxFutureSkew(),
                profile.backfill().chunkRows(),
                profile.consumer().maxDeadShare(),
                profile.messaging().retention(),
                profile.cutover().margin());
    }

    private static BackfillSource.Ndjson absolute(BackfillSource.Ndjson files) {
        return new BackfillSource.Ndjson(
                files.ledgerEntries().map(ExtractFiles::absolute),
                files.paymentOrders().map(ExtractFiles::absolute));
    }

    /** Where the rows come from; empty where the profile names nothing. */
    Optional<BackfillSource> source() {
        if (database != null) {
            return Optional.of(database);
        }
        return Optional.<BackfillSource>ofNullable(
                files != null
                                && (files.ledgerEntries().isPresent()
                                        || files.paymentOrders().isPresent())
                        ? files
                        : null);
    }
}
