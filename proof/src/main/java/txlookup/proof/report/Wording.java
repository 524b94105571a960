package txlookup.proof.report;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import txlookup.apply.model.Entity;
import txlookup.proof.Report;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.StoredVersion;
import txlookup.proof.compare.TableReport;
import txlookup.proof.compare.Window;

/** Sentences that several formats share. */
final class Wording {
    private Wording() {}

    static String entity(Entity entity) {
        return entity.name().toLowerCase(Locale.ROOT);
    }

    static String window(Window window) {
        Instant from = window.from();
        return from == null
                ? "rows changed up to %s are judged".formatted(window.through())
                : "rows changed from %s up to %s are judged".formatted(from, window.through());
    }

    static String table(TableReport table) {
        return "%,d rows in the source, %,d in the store; outside the window %,d and %,d; %,d of %,d buckets looked into%s%s"
                .formatted(
                        table.sourceRows(),
                        table.storeRows(),
                        table.sourceUnsettled(),
                        table.storeUnsettled(),
                        table.differingBuckets(),
                        table.buckets(),
                        table.isSearchedWhole() ? "" : ", not all of them: too many differences",
                        table.sourceUndecodable() == 0
                                ? ""
                                : "; %,d rows of the source cannot be decoded".formatted(table.sourceUndecodable()));
    }

    static String counts(Report report, Entity entity) {
        return Arrays.stream(Kind.values())
                .map(kind -> "%s %,d"
                        .formatted(kind.wireName(), report.of(entity, kind).size()))
                .collect(Collectors.joining(", "));
    }

    static String difference(Difference difference) {
        String fields = difference.fields().isEmpty() ? "" : " in " + String.join(", ", difference.fields());
        return "%s %s %s%s; source %s, store %s; %s"
                .formatted(
                        difference.kind().wireName(),
                        entity(difference.entity()),
                        difference.key(),
                        fields,
                        version(difference.source()),
                        version(difference.stored()),
                        difference.outcome().wireName().replace('_', ' '));
    }

    private static String version(@Nullable StoredVersion held) {
        return held == null
                ? "has none"
                : "version %s of %s"
                        .formatted(held.snapshot().version(), held.snapshot().updatedAt());
    }

    static String verdict(Report report) {
        return (report.passed() ? "PASS: " : "FAIL: ") + report.verdict();
    }

    static String verifiedThrough(Report report) {
        return report.verifiedThrough() == null
                ? "verified through: nothing yet"
                : "verified through: " + report.verifiedThrough();
    }
}
