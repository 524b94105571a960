package txlookup.rebuild.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.apply.store.batch.StoreConnections;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.migrations.Migrations;

/** What the chain holds comes to the store: all of it, once, and only as it was written. */
class EvidenceTableIT {
    @TempDir
    Path folder;

    private EvidenceChain chain;
    private TestDatabase database;
    private HikariDataSource store;

    @BeforeEach
    void start() {
        chain = new EvidenceChain(folder);
        store = newStore();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void everyRebuildAndGateIsCopiedOnceAsItWasWritten() throws Exception {
        append("rebuild", 1, "NO_GO", "SYNC_FAILED");
        append("rebuild", 2, "GO", null);
        append("slo-gate", 2, "PASS", null);
        append("destroy", 2, "DONE", null);

        assertThat(new EvidenceTable(store).copy(chain)).isEqualTo(3);
        assertThat(new EvidenceTable(store).copy(chain)).isZero();

        assertThat(read(
                        "SELECT concat_ws(' ', act, generation, verdict, cause, extract(epoch FROM ended_at - started_at)::int,"
                                + " t_cutover AT TIME ZONE 'UTC') FROM bo.evidence ORDER BY evidence_id"))
                .containsExactly(
                        "rebuild 1 NO_GO SYNC_FAILED 90 2026-11-21 01:07:33",
                        "rebuild 2 GO 90 2026-11-21 01:07:33",
                        "slo-gate 2 PASS 90 2026-11-21 01:07:33");
        List<String> bundles = read("SELECT bundle::text FROM bo.evidence ORDER BY evidence_id");
        assertThat(bundles.get(1)).isEqualTo(Files.readString(folder.resolve("rebuild-2/bundle.json")));
        assertThat(read("SELECT hash FROM bo.evidence ORDER BY evidence_id").get(2))
                .isEqualTo(chain.read("slo-gate-2").orElseThrow().head());
    }

    @Test
    void whatAStoreThatWasAwayOrMadeAnewMissesComesWithTheNext() throws Exception {
        append("rebuild", 1, "NO_GO", "ENVIRONMENT_BLOCKED");
        new EvidenceTable(store).copy(chain);
        store.close();
        store = newStore();
        append("rebuild", 2, "GO", null);

        assertThat(new EvidenceTable(store).copy(chain)).isEqualTo(2);
    }

    @Test
    void aBundleThatWasChangedIsNotCopied() throws Exception {
        append("rebuild", 1, "NO_GO", "SYNC_FAILED");
        append("rebuild", 2, "GO", null);
        Path file = folder.resolve("rebuild-1/bundle.json");
        Files.writeString(file, Files.readString(file).replace("SYNC_FAILED", "SMOKE_FAILED"));

        assertThat(new EvidenceTable(store).copy(chain)).isEqualTo(1);
        assertThat(read("SELECT generation FROM bo.evidence")).containsExactly("2");
    }

    private void append(String act, long generation, String verdict, String cause) throws IOException {
        Map<String, Object> decision = new HashMap<>();
        decision.put("cause", cause);
        chain.append(
                act + "-" + generation,
                new Bundle.Draft(act, Long.toString(generation), verdict)
                        .add(
                                "generation",
                                Map.of(
                                        "generation",
                                        generation,
                                        "cutover",
                                        "2026-11-21T01:07:33Z",
                                        "started",
                                        "2026-11-21T01:07:33Z",
                                        "ended",
                                        "2026-11-21T01:09:03Z"))
                        .add("share", Map.of("share", 1e10))
                        .add("decision", decision));
    }

    private HikariDataSource newStore() {
        database = SharedPostgres.newDatabase();
        HikariDataSource made = StoreConnections.control(
                database.jdbcUrl(),
                database.user(),
                database.password(),
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
        Migrations.ofControl(made).toHead();
        return made;
    }

    private List<String> read(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }
}
