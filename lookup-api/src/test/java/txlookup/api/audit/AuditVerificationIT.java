package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.api.RunningApi;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;

/** The audit only grows, and whatever is done to it all the same is found and named. */
class AuditVerificationIT {
    private TestDatabase database;

    private static void lookUpFiveTimesInOneProcessAndTwiceInAnother(TestDatabase written) {
        RunningApi.migrateAndServe(written);
        try (RunningApi first = RunningApi.start(written, settings -> settings)) {
            for (int lookup = 1; lookup <= 5; lookup++) {
                first.get(
                        "/admin/tx/TX-" + lookup,
                        "X-Actor-Id",
                        "kim",
                        "X-Actor-Roles",
                        "A,B",
                        "User-Agent",
                        "Süd \"1\"");
            }
            try (RunningApi second = RunningApi.start(written, settings -> settings)) {
                second.get("/admin/tx/TX-6?why=x");
                second.get("/admin/tx/TX-7");
            }
        }
    }

    @BeforeEach
    void copyWhatTheyWrote() {
        database = SharedPostgres.newDatabase(
                "audit-verification", AuditVerificationIT::lookUpFiveTimesInOneProcessAndTwiceInAnother);
    }

    @AfterEach
    void drop() {
        SharedPostgres.drop(database);
    }

    @Test
    void whatWritersWroteIsIntactAlsoWhileOneGoesOn() throws SQLException {
        List<String> breaks = new ArrayList<>();
        AuditVerification.Summary before = verify(breaks);

        assertThat(breaks).isEmpty();
        assertThat(before.isIntact()).isTrue();
        assertThat(before.chains()).isEqualTo(2);
        assertThat(before.rows()).isEqualTo(7);
        assertThat(before.rowsDropped()).isZero();
        assertThat(verify(breaks).head()).isEqualTo(before.head());
        try (RunningApi api = RunningApi.start(database, settings -> settings)) {
            api.get("/admin/tx/TX-8");
            assertThat(verify(breaks).rows()).as("while it runs").isEqualTo(8);
        }
        AuditVerification.Summary after = verify(breaks);
        assertThat(breaks).isEmpty();
        assertThat(after.rows()).isEqualTo(8);
        assertThat(after.chains()).isEqualTo(3);
        assertThat(after.head()).isNotEqualTo(before.head());
    }

    @Test
    void evenTheOwnerIsRefusedAnythingButToAddAndIsToldWhy() {
        for (String sql : List.of(
                "UPDATE bo.audit SET actor = 'somebody else'",
                "DELETE FROM bo.audit",
                "TRUNCATE bo.audit",
                "SET session_replication_role = replica; DELETE FROM bo.audit",
                "DELETE FROM " + thisMonth(),
                "TRUNCATE " + thisMonth(),
                "SET session_replication_role = replica; UPDATE " + thisMonth() + " SET actor = 'somebody else'",
                "DELETE FROM bo.audit_chain",
                "UPDATE bo.audit_chain SET exported_sequence = last_sequence + 1",
                "UPDATE bo.audit_chain SET dropped_sequence = 1",
                "UPDATE bo.audit_register SET store_id = gen_random_uuid()",
                "TRUNCATE bo.audit_chain",
                "UPDATE bo.audit_chain SET last_sequence = last_sequence - 1",
                "UPDATE bo.audit_chain SET last_sequence = last_sequence + 1, writer = 'somebody else'",
                "DELETE FROM bo.audit_register",
                "UPDATE bo.audit_register SET chains = chains - 1")) {
            assertThatThrownBy(() -> execute(sql)).as(sql).hasMessageContaining("is refused: the audit can only grow");
        }
    }

    @Test
    void aRowThatIsInNoChainIsRefused() {
        assertThatThrownBy(() -> execute("""
                        INSERT INTO bo.audit (at, actor, roles, action, resource_type, resource_id, method, path, result,
                            status_code, duration_ms, result_count, correlation_id)
                        VALUES (now(), 'a', '{}', 'LOOKUP_TX', 'TX', 'T', 'GET', '/', 'FOUND', 200, 1, 1, 'c')""")).hasMessageContaining("\"chain_id\"");
    }

    @Test
    void aRemovedRowIsNamed() throws SQLException {
        tamper("DELETE FROM bo.audit WHERE chain_id = 1 AND sequence = 3");

        assertThat(breaks()).containsExactly("chain 1, row 3: it is missing");
    }

    @Test
    void aTailCutOffIsNamed() throws SQLException {
        tamper("DELETE FROM bo.audit WHERE chain_id = 1 AND sequence > 3");

        assertThat(breaks()).containsExactly("chain 1, row 4: it is missing, and all up to row 5");
    }

    @Test
    void aChangedRowIsNamedWhicheverColumnItWas() throws SQLException {
        execute("CREATE TABLE public.as_written AS TABLE bo.audit");
        for (String change : List.of(
                "actor = 'somebody else'",
                "at = at + interval '1 microsecond'",
                "roles = '{A}'",
                "roles = '{\"A,B\"}'",
                "ip = NULL",
                "user_agent = NULL",
                "action = 'LOOKUP'",
                "resource_type = 'WALLET'",
                "resource_id = 'TX-9'",
                "method = 'HEAD'",
                "path = '/'",
                "query = ''",
                "result = 'EMPTY'",
                "result = 'NEVER'",
                "status_code = 200",
                "duration_ms = duration_ms + 1",
                "result_count = 1",
                "correlation_id = 'c'",
                "generation = 1")) {
            tamper("UPDATE bo.audit SET %s WHERE chain_id = 1 AND sequence = 2".formatted(change));

            assertThat(breaks()).as(change).containsExactly("chain 1, row 2: its content is not what was written");
            execute("DELETE FROM bo.audit; INSERT INTO bo.audit OVERRIDING SYSTEM VALUE TABLE public.as_written");
        }
    }

    @Test
    void aRowChangedWithItsHashBreaksTheRowAfterIt() throws SQLException {
        tamper("UPDATE bo.audit SET hash = sha256('x') WHERE chain_id = 1 AND sequence = 2");

        assertThat(breaks())
                .containsExactly(
                        "chain 1, row 2: its content is not what was written",
                        "chain 1, row 3: it does not follow the row before it");
    }

    @Test
    void rowsThatChangedPlacesAreNamed() throws SQLException {
        tamper("""
                UPDATE bo.audit SET sequence = 1000 WHERE chain_id = 1 AND sequence = 2;
                UPDATE bo.audit SET sequence = 2 WHERE chain_id = 1 AND sequence = 3;
                UPDATE bo.audit SET sequence = 3 WHERE chain_id = 1 AND sequence = 1000""");

        assertThat(breaks())
                .contains(
                        "chain 1, row 2: its content is not what was written",
                        "chain 1, row 3: its content is not what was written");
    }

    @Test
    void anInsertedRowIsNamedWhereverItWasPut() throws SQLException {
        tamper(inserted(1, 6));
        tamper(inserted(7, 1));

        assertThat(breaks())
                .contains(
                        "chain 1, row 6: its content is not what was written",
                        "chain 1, row 6: it comes after the chain's head, row 5",
                        "chain 7, row 1: its chain does not exist");
    }

    @Test
    void aRowInsertedTwiceIsNamed() throws SQLException {
        tamper("ALTER TABLE bo.audit DROP CONSTRAINT audit_pkey; " + inserted(1, 2));

        assertThat(breaks()).contains("chain 1, row 2: it occurs more than once");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aWholeChainRemovedIsNamed(int chain) throws SQLException {
        tamper("DELETE FROM bo.audit WHERE chain_id = %1$d; DELETE FROM bo.audit_chain WHERE chain_id = %1$d"
                .formatted(chain));

        assertThat(breaks()).contains("chain %d: the whole chain is missing".formatted(chain));
    }

    @Test
    void aChangedHeadOrStartIsNamed() throws SQLException {
        tamper("UPDATE bo.audit_chain SET head_hash = sha256('x') WHERE chain_id = 1");
        tamper("UPDATE bo.audit_chain SET writer = 'x' WHERE chain_id = 2");

        assertThat(breaks())
                .containsExactlyInAnyOrder(
                        "chain 1: its head is not its last row's hash",
                        "chain 2: its start was changed, or the chain before it");
    }

    private static String thisMonth() {
        return "bo.audit_" + DateTimeFormatter.ofPattern("uuuu_MM").format(LocalDate.now(ZoneOffset.UTC));
    }

    private static String inserted(int chain, int sequence) {
        return """
                INSERT INTO bo.audit (at, actor, roles, action, resource_type, resource_id, method, path, result,
                    status_code, duration_ms, result_count, correlation_id, chain_id, sequence, previous_hash, hash)
                SELECT at, actor, roles, action, resource_type, resource_id, method, path, result, status_code,
                    duration_ms, result_count, correlation_id, %d, %d, hash, sha256('x')
                FROM bo.audit WHERE chain_id = 1 AND sequence = 5""".formatted(chain, sequence);
    }

    private void tamper(String sql) throws SQLException {
        execute("ALTER TABLE bo.audit DISABLE TRIGGER ALL; ALTER TABLE bo.audit_chain DISABLE TRIGGER ALL; " + sql);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> breaks() throws SQLException {
        List<String> breaks = new ArrayList<>();
        assertThat(verify(breaks).breaks()).isEqualTo(breaks.size()).isPositive();
        return breaks;
    }

    @Test
    void aStoreThatSortsForLongBeforeItsFirstRowIsWaitedFor() throws Exception {
        PGSimpleDataSource hasty = owner();
        hasty.setSocketTimeout(1);
        List<String> breaks = new ArrayList<>();
        AuditVerification.Summary late;
        try (Connection sorting = database.connect();
                Statement statement = sorting.createStatement()) {
            sorting.setAutoCommit(false);
            statement.execute("LOCK TABLE bo.audit IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<Void> ends = CompletableFuture.runAsync(
                    () -> commit(sorting), CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));
            late = new AuditVerification(hasty).run(found -> breaks.add(found.toString()));
            ends.join();
        }

        assertThat(breaks).isEmpty();
        assertThat(late.rows()).isEqualTo(7);
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private AuditVerification.Summary verify(List<String> breaks) throws SQLException {
        return new AuditVerification(owner()).run(found -> breaks.add(found.toString()));
    }

    private PGSimpleDataSource owner() {
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.jdbcUrl());
        owner.setUser(database.user());
        owner.setPassword(database.password());
        return owner;
    }
}
