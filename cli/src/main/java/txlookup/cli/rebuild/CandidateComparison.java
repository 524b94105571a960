package txlookup.cli.rebuild;

import com.zaxxer.hikari.HikariDataSource;
import java.io.PrintWriter;
import java.sql.SQLException;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.verify.AgainstGeneration;
import txlookup.cli.verify.VerifySources;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.proof.generation.ComparisonReport;
import txlookup.rebuild.steps.Comparison;

/** Compares a rebuilt generation with the one that serves, as {@code txlookup verify --against} does. */
public record CandidateComparison(Profile profile, SecretSource secrets, PrintWriter out) implements Comparison {
    @Override
    public void compare(HikariDataSource store, long candidate, long serving)
            throws SQLException, InterruptedException {
        // The rebuild's own connections, since only the platform knows how its maker reaches and enters a store.
        ChosenGeneration chosen = ChosenGeneration.in(store, candidate);
        try (VerifySources sources = new VerifySources(profile, secrets, store, chosen.generation())) {
            out.print(ComparisonReport.text(new AgainstGeneration(chosen, sources, out).compare(serving)));
            out.flush();
        }
    }
}
