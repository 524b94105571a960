package txlookup.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Optional;
import txlookup.profiles.DatabaseRole;
import txlookup.profiles.GenerationNumber;
import txlookup.profiles.Profile;
import txlookup.profiles.SecretSource;
import txlookup.proof.generation.ComparisonReport;
import txlookup.rebuild.Comparison;

/** Compares a rebuilt generation with the one that serves, as {@code txlookup verify --against} does. */
record CandidateComparison(Profile profile, SecretSource secrets, PrintWriter out) implements Comparison {
    @Override
    public void compare(long candidate, long serving) throws SQLException, InterruptedException {
        try (ChosenGeneration chosen = ChosenGeneration.open(
                        DatabaseRole.WRITER, profile, secrets, Optional.of(new GenerationNumber(candidate)));
                VerifySources sources = new VerifySources(profile, secrets, chosen.store(), chosen.generation())) {
            out.print(ComparisonReport.text(new AgainstGeneration(chosen, sources, out).compare(serving)));
            out.flush();
        }
    }
}
