package txlookup.cli.rebuild;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Optional;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.verify.AgainstGeneration;
import txlookup.cli.verify.VerifySources;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.proof.generation.ComparisonReport;
import txlookup.rebuild.steps.Comparison;

/** Compares a rebuilt generation with the one that serves, as {@code txlookup verify --against} does. */
public record CandidateComparison(Profile profile, SecretSource secrets, PrintWriter out) implements Comparison {
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
