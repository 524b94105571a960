package txlookup.gate.evaluate;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation came to; every report format is made from it. It holds no time of its own making, so that the same
 * observation and file give the same bytes.
 *
 * @param format {@value #FORMAT}; another number is another shape
 * @param observationSha256 of the observation's bytes, for evidence
 * @param sloSha256 of the file of objectives
 * @param exitCode 0 pass, 1 fail, 2 no data, 3 a proof failed
 */
public record GateReport(
        String format,
        String environment,
        @Nullable Long generation,
        Instant from,
        Instant to,
        String observationSha256,
        String sloFile,
        String sloSha256,
        Verdict verdict,
        int exitCode,
        List<SloResult> findings) {
    /** The shape that this build writes. */
    public static final String FORMAT = "txlookup-gate/1";

    private static final int PASSED = 0;
    private static final int FAILED = 1;
    private static final int NOT_JUDGED = 2;
    private static final int PROOF_FAILED = 3;

    public GateReport {
        findings = List.copyOf(findings);
    }

    /** The findings, the worst first, otherwise in the order of the file. */
    public List<SloResult> worstFirst() {
        return findings.stream()
                .sorted(Comparator.comparing(SloResult::verdict).reversed())
                .toList();
    }

    /** How many findings have that verdict. */
    public long count(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }

    static Verdict worst(List<SloResult> findings) {
        return findings.stream()
                .map(SloResult::verdict)
                .max(Comparator.naturalOrder())
                .orElse(Verdict.NO_DATA);
    }

    static int exitCode(List<SloResult> findings) {
        if (findings.stream().anyMatch(finding -> finding.proof() && finding.verdict() == Verdict.FAIL)) {
            return PROOF_FAILED;
        }
        return switch (worst(findings)) {
            case FAIL -> FAILED;
            case NO_DATA -> NOT_JUDGED;
            case PASS, WARN -> PASSED;
        };
    }
}
