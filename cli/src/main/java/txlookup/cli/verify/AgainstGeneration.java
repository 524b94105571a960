package txlookup.cli.verify;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.backfill.throttle.Throttle;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.NoGenerationException;
import txlookup.cli.view.ProgressLine;
import txlookup.cli.view.VerificationConsole;
import txlookup.proof.compare.DataSet;
import txlookup.proof.generation.ComparisonResult;
import txlookup.proof.generation.ComparisonSettings;
import txlookup.proof.generation.Comparisons;
import txlookup.proof.generation.GenerationComparison;
import txlookup.proof.generation.GenerationDifference.Kind;

/** Compares a generation with another one of the same store, and keeps the result beside its verifications. */
public final class AgainstGeneration {
    private final ChosenGeneration chosen;
    private final VerifySources sources;
    private final PrintWriter err;
    private @Nullable String sourceUnknown;

    public AgainstGeneration(ChosenGeneration chosen, VerifySources sources, PrintWriter err) {
        this.chosen = chosen;
        this.sources = sources;
        this.err = err;
    }

    /** @throws NoGenerationException when it is the same one, or has no rows */
    public ComparisonResult compare(long other) throws SQLException, InterruptedException {
        if (other == chosen.number()) {
            throw new NoGenerationException(
                    "generation %d cannot be compared with itself; name the candidate with --generation"
                            .formatted(other));
        }
        Optional<Generation> found = new GenerationRegistry(chosen.store()).find(other);
        if (found.filter(one -> one.state() != Generation.State.RETIRED).isEmpty()) {
            throw new NoGenerationException(
                    "no generation %d with rows; txlookup generation list shows all".formatted(other));
        }
        ProgressLine line = new ProgressLine(err);
        try {
            ComparisonResult result = new GenerationComparison(
                            chosen.store(),
                            chosen.number(),
                            other,
                            ComparisonSettings.USUAL,
                            loadedFrom(),
                            new VerificationConsole(line),
                            new Throttle(ThrottleSettings.of(sources.throttle())))
                    .run();
            new Comparisons(chosen.store()).remember(result);
            if (sourceUnknown != null && result.count(Kind.MISSING) > 0) {
                err.println("What generation %d lacks counts as missing, because its source is not known: %s"
                        .formatted(chosen.number(), sourceUnknown));
            }
            return result;
        } finally {
            line.clear();
        }
    }

    private @Nullable DataSet loadedFrom() throws SQLException {
        try {
            return sources.backfillSource();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            sourceUnknown = e.getMessage();
            return null;
        }
    }
}
