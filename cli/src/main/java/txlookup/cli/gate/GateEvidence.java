package txlookup.cli.gate;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.cli.options.StoreAccess;
import txlookup.gate.evaluate.GateReport;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.evidence.Build;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.evidence.EvidenceTable;

/** What a judgement by the objectives leaves behind: a bundle in the evidence's chain, and its copy in the store. */
final class GateEvidence {
    private static final Logger log = LoggerFactory.getLogger(GateEvidence.class);
    private static final String ACT = "slo-gate";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final EvidenceChain chain;

    /** @param folder of the evidence */
    GateEvidence(Path folder) {
        this.chain = new EvidenceChain(folder);
    }

    /** Adds the judgement to the chain and answers the bundle's file. */
    Path keep(GateReport report) throws IOException {
        return chain.append(ACT + "-" + NAME.format(report.to()), bundle(report));
    }

    /** Puts it into the store too, where the console shows it; the chain has it in any case. */
    void copy(Profile profile, SecretSource secrets) throws IOException {
        try (HikariDataSource store = StoreAccess.control(DatabaseRole.OWNER, profile, secrets)) {
            new EvidenceTable(store).copy(chain);
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The evidence is in its folder alone, the next gate or rebuild copies it; the store could not take it: {}",
                    e.getMessage());
        }
    }

    private static Bundle.Draft bundle(GateReport report) {
        Map<String, Object> generation = new LinkedHashMap<>();
        generation.put("generation", report.generation());
        generation.put("started", report.from());
        generation.put("ended", report.to());
        String subject = report.generation() == null ? report.environment() : Long.toString(report.generation());
        Bundle.Draft draft = new Bundle.Draft(ACT, subject, report.verdict().name())
                .add(
                        "inputs",
                        Map.of(
                                "environment", report.environment(),
                                "sloFile", report.sloFile(),
                                "sloSha256", report.sloSha256(),
                                "observationSha256", report.observationSha256()))
                .add("build", Build.ofThisProcess(System.getenv()))
                .add("generation", generation);
        report.findings().forEach(finding -> draft.add("finding", finding));
        return draft.add("decision", Map.of("verdict", report.verdict().name(), "exitCode", report.exitCode()));
    }
}
