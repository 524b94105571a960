package txlookup.cli.verify;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import txlookup.apply.store.pairing.OpenPaymentsCheck;
import txlookup.backfill.throttle.ThrottleSettings;
import txlookup.cli.options.ExitCode;
import txlookup.cli.view.ProgressLine;
import txlookup.cli.view.VerificationConsole;
import txlookup.proof.Report;
import txlookup.proof.Verification;
import txlookup.proof.compare.DataSet;
import txlookup.proof.compare.Findings;
import txlookup.proof.compare.VerificationSettings;
import txlookup.proof.compare.Window;
import txlookup.proof.repair.Repair;
import txlookup.proof.report.ReportFormat;
import txlookup.proof.store.StoreSide;
import txlookup.proof.store.VerifiedWindows;

/**
 * Compares one generation's rows with a source, and repairs them where that is wanted.
 *
 * @param from judges only what changed since
 * @param settle how long a change may take from source to store
 * @param confirmAfter how long a difference must last
 */
record ContentCheck(
        @Nullable Instant from, Duration settle, Duration confirmAfter, boolean repair, VerifyOutput output) {
    /** @param format of the report on standard output */
    int run(long number, DataSet source, HikariDataSource store, ThrottleSettings throttle, ReportFormat format)
            throws SQLException, InterruptedException {
        try {
            VerifiedWindows windows = new VerifiedWindows(store);
            Instant appliedUntil = windows.appliedUntil().orElse(source.readUntil());
            Window window = Window.settled(from, appliedUntil, source.readUntil(), settle);
            VerificationSettings settings = VerificationSettings.USUAL.confirmingAfter(confirmAfter);
            ProgressLine line = new ProgressLine(output.err());
            Verification verification = new Verification(
                    source,
                    new StoreSide(store, "store", appliedUntil),
                    settings,
                    new VerificationConsole(line),
                    throttle);
            Findings found;
            try {
                found = verification.run(window);
            } finally {
                line.clear();
            }
            if (found.isWithoutSource()) {
                return output.notJudged(
                        "%s gave no rows and the store has some; is it the right source?".formatted(source.name()));
            }
            Repair repairing = new Repair(store, verification, source, "txlookup verify");
            Findings known = found.with(
                    repair
                            ? repairing.carryOut(found.differences(), window)
                            : repairing.withQuarantined(found.differences()));
            Report pass = new Report(number, source.name(), window, known, null);
            if (source.isWhole()) {
                windows.remember(source.name(), window, pass.rowsJudged(), pass.wrong(), pass.isClean());
            }
            Report report = pass.withVerifiedThrough(windows.verifiedThrough().orElse(null));
            output.print(format.write(report));
            boolean listed = isListRight(store);
            return report.passed() && listed ? ExitCode.DONE : ExitCode.FAILED;
        } catch (IOException e) {
            return output.notJudged("the source cannot be read: " + e);
        }
    }

    /** Of one snapshot, so there is nothing to wait for. */
    private boolean isListRight(HikariDataSource store) throws SQLException {
        OpenPaymentsCheck check = new OpenPaymentsCheck(store);
        List<String> wrong = check.wrong();
        if (wrong.isEmpty()) {
            return true;
        }
        PrintWriter err = output.err();
        err.printf(
                "The list of open payments contradicts the entries of %d payments, such as %s.%n",
                wrong.size(), wrong.get(0));
        if (repair) {
            check.repair(wrong);
            err.println("The generation's consumer mends the list within seconds.");
        }
        err.flush();
        return repair;
    }
}
