package txlookup.cli.verify;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import txlookup.cli.options.ExitCode;
import txlookup.proof.completeness.CommittedRecords;
import txlookup.proof.completeness.CompletenessProof;
import txlookup.proof.completeness.CoverageResult;
import txlookup.proof.completeness.LogSpan;
import txlookup.proof.report.CoverageReport;
import txlookup.proof.report.ReportFormat;
import txlookup.proof.store.CoverageRows;

/**
 * Judges whether all that was published and extracted is accounted for.
 *
 * @param atMost how long the stream may take to get there
 */
record CoverageCheck(Duration atMost, ReportFormat format, VerifyOutput output) {
    private static final Duration POLL = Duration.ofMillis(200);

    int run(long number, VerifySources sources, CoverageRows rows) throws SQLException, InterruptedException {
        List<LogSpan> log;
        try {
            // Before the coverage is read: what is applied meanwhile is more than is asked for, never less.
            log = sources.spans();
        } catch (KafkaException e) {
            return output.notJudged("the broker cannot be asked for the log's ends", e);
        }
        long deadline = System.nanoTime() + atMost.toNanos();
        CommittedRecords committed = sources.committed();
        CompletenessProof proof = CompletenessProof.of(number, log, rows.read(), committed);
        while (proof.state() == CoverageResult.State.NOT_PROVED && System.nanoTime() < deadline) {
            Thread.sleep(POLL.toMillis());
            proof = CompletenessProof.of(number, log, rows.read(), committed);
        }
        output.print(format == ReportFormat.JSON ? CoverageReport.json(proof) : CoverageReport.text(proof));
        return switch (proof.state()) {
            case PROVED -> ExitCode.DONE;
            case NOT_PROVED -> ExitCode.FAILED;
            case GAP -> ExitCode.GAP;
        };
    }
}
