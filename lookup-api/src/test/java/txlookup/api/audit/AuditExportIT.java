package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.api.RunningApi;
import txlookup.api.audit.export.AuditExport;
import txlookup.api.audit.export.AuditRetention;
import txlookup.api.audit.export.ExportTarget;
import txlookup.api.audit.export.ExportVerification;
import txlookup.api.audit.export.FolderTarget;
import txlookup.api.audit.export.StoredAudit;

/** The audit outlives its store, and whatever is done to the store or to the export is found. */
class AuditExportIT {
    @TempDir
    private Path folder;

    private RunningApi api;
    private int looked;

    @BeforeEach
    void start() {
        api = RunningApi.start();
        lookUp(5);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void whatIsExportedIsOneChainAndGoesOnWhereItStopped() throws Exception {
        assertThat(export().rows()).isEqualTo(5);
        assertThat(export().rows()).as("nothing new").isZero();
        lookUp(2);
        api = api.again();
        lookUp(1);
        AuditExport.Exported last = export();

        assertThat(last.rows()).isEqualTo(3);
        ExportVerification.Summary all = verify();
        assertThat(all.rows()).isEqualTo(8);
        assertThat(all.manifests()).isEqualTo(last.manifest()).isEqualTo(2);
        assertThat(all.digest()).isEqualTo(last.digest());
        assertThat(all.open()).isOne();
    }

    /** 15,000 rows of some 4 KB are more than the process's whole heap. */
    @Test
    void howMuchMemoryAnExportTakesDoesNotDependOnTheAudit() throws Exception {
        api.execute("""
                INSERT INTO bo.audit (at, actor, roles, action, resource_type, resource_id, method, path, query, result,
                    status_code, duration_ms, result_count, correlation_id, chain_id, sequence, previous_hash, hash)
                SELECT now(), 'kim', '{}', 'LOOKUP_TX', 'TX', 'x', 'GET', repeat('p', 2000), repeat('q', 2000), 'FOUND',
                    200, 0, 0, 'c', chain_id, last_sequence + n, head_hash, head_hash
                FROM bo.audit_chain, generate_series(1, 15000) n WHERE last_sequence = 5;
                UPDATE bo.audit_chain SET last_sequence = last_sequence + 15000 WHERE last_sequence = 5""");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx56m",
                        "-Dlogback.configurationFile=" + System.getProperty("logging.config"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportingProcess.class.getName(),
                        api.database().jdbcUrl(),
                        api.database().user(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().write((api.database().password() + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("exported 15005", "read 15005");
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void aRunThatIsKilledAnywhereIsMadeGoodByTheNext() throws Exception {
        for (String dies : List.of("rows/", "manifests/", "before the store is told")) {
            lookUp(1);
            assertThatThrownBy(() -> {
                        try (FolderTarget target = FolderTarget.toWrite(folder)) {
                            new AuditExport(store(), new Dying(target, dies), Clock.systemUTC()).run();
                        }
                    })
                    .hasMessage("killed");
            lookUp(1);
            export();
            assertThat(verify().rows()).isEqualTo(looked);
        }
        try (Stream<Path> halves = Files.walk(folder)) {
            assertThat(halves.filter(file -> file.toString().endsWith(".half"))).isEmpty();
        }
    }

    @Test
    void storesThatAreMadeAndDestroyedOneAfterTheOtherAreOneChain() throws Exception {
        for (int life = 1; life <= 3; life++) {
            lookUp(life);
            StoredAudit.close(store());
            export();
            assertThat(verify().open()).isZero();
            api.close();
            api = RunningApi.start();
        }
        ExportVerification.Summary all = breaks(new ArrayList<>(), false);

        assertThat(all.isIntact()).isTrue();
        assertThat(all.stores()).isEqualTo(3);
        assertThat(all.rows()).isEqualTo(looked);
    }

    @Test
    void anAuditThatWasWrittenAgainAsAWholeIsFound() throws Exception {
        export();
        // As an owner could: another actor everywhere, and every hash computed again.
        api.close();
        RunningApi forged = RunningApi.start();
        api = forged;
        for (int lookup = 1; lookup <= 5; lookup++) {
            forged.get("/admin/tx/TX-" + lookup, "X-Actor-Id", "somebody else");
        }
        assertThat(new AuditVerification(store()).run(found -> {}).isIntact()).isTrue();

        List<String> breaks = new ArrayList<>();
        assertThat(breaks(breaks, true).isIntact()).isFalse();
        assertThat(breaks).singleElement().asString().contains("is not in it");
        forged.execute("ALTER TABLE bo.audit_register DISABLE TRIGGER ALL; UPDATE bo.audit_register SET store_id = '%s'"
                .formatted(storeId()));
        breaks.clear();
        breaks(breaks, true);
        assertThat(breaks).contains("chain 1, row 5: the store has another row than the one that was exported");
    }

    @Test
    void aTailThatWasCutOffOrAHeadThatWasPutBackIsFound() throws Exception {
        export();
        api.execute("""
                ALTER TABLE bo.audit DISABLE TRIGGER ALL; ALTER TABLE bo.audit_chain DISABLE TRIGGER ALL;
                DELETE FROM bo.audit WHERE sequence > 3;
                UPDATE bo.audit_chain SET last_sequence = 3, exported_sequence = 3,
                    head_hash = (SELECT hash FROM bo.audit WHERE sequence = 3)""");
        assertThat(new AuditVerification(store()).run(found -> {}).isIntact()).isTrue();

        List<String> breaks = new ArrayList<>();
        breaks(breaks, true);
        assertThat(breaks).containsExactly("chain 1, row 5: the store has another row than the one that was exported");
    }

    @Test
    void whateverIsDoneToTheExportIsFound() throws Exception {
        export();
        lookUp(2);
        export();
        lookUp(2);
        export();
        String row = Files.readString(file("rows/000000000002"));
        changed(
                "rows/000000000002",
                text -> text.replace("\"actor\":\"", "\"actor\":\"not "),
                "is not what manifest 2 says");
        changed("rows/000000000002", text -> row.lines().findFirst().orElseThrow() + "\n", "holds 1 rows");
        changed(
                "manifests/000000000001",
                text -> text.replace("\"rows\":5", "\"rows\":4"),
                "manifest 2 does not follow");
        changed("manifests/000000000002", text -> null, "manifest 2 is missing");
        changed("rows/000000000002", text -> "garbage", "line 1 is no row of an audit");
        changed("manifests/000000000002", text -> "garbage", "is no manifest of an audit export");
        changed("rows/000000000003", text -> null, "is missing or is not");
        changed("manifests/000000000003", text -> null, "the store wrote manifest 3 there");
        assertThat(verify().isIntact()).isTrue();
    }

    @Test
    void theStoreKnowsWhatIsExported() throws Exception {
        assertThat(StoredAudit.unexported(store())).isEqualTo(5);
        export();
        assertThat(StoredAudit.unexported(store())).isZero();
        lookUp(2);
        assertThat(StoredAudit.unexported(store())).isEqualTo(2);
    }

    @Test
    void aPlaceThatLostItsEndIsRefused() throws Exception {
        export();
        lookUp(1);
        export();
        Files.delete(file("manifests/000000000002"));

        assertThatThrownBy(this::export).hasMessageContaining("ends before manifest 2, which this store wrote there");
    }

    @Test
    void twoDoNotWriteToOneFolder() throws Exception {
        try (FolderTarget held = FolderTarget.toWrite(folder)) {
            assertThat(held.address()).startsWith("file:");
            assertThatThrownBy(() -> FolderTarget.toWrite(folder)).hasMessageContaining("Another process exports to");
        }
    }

    @Test
    void aMonthBeyondTheRetentionGoesOnceItIsExported() throws Exception {
        YearMonth old = YearMonth.now(ZoneOffset.UTC).minusMonths(3);
        api.execute("""
                SELECT bo.make_audit_partition('%1$s'); ALTER TABLE bo.audit DISABLE TRIGGER ALL;
                UPDATE bo.audit SET recorded_at = '%1$s' WHERE sequence <= 2""".formatted(old.atDay(15)));
        AuditRetention retention = new AuditRetention(store(), Duration.ofDays(40), Clock.systemUTC());
        assertThatThrownBy(retention::run).hasMessageContaining("are exported");
        export();

        assertThat(retention.run()).containsExactly(new AuditRetention.Dropped(old, 2));
        assertThat(verify().isIntact()).isTrue();
        lookUp(1);
        assertThat(export().rows()).isOne();
        assertThat(verify().rows()).isEqualTo(6);
    }

    private void changed(String name, UnaryOperator<String> change, String expected) throws Exception {
        Path file = file(name);
        String before = Files.readString(file);
        String after = change.apply(before);
        if (after == null) {
            Files.delete(file);
        } else {
            assertThat(after).isNotEqualTo(before);
            Files.writeString(file, after);
        }
        List<String> breaks = new ArrayList<>();
        breaks(breaks, true);
        assertThat(breaks).as(name).anySatisfy(found -> assertThat(found).contains(expected));
        Files.writeString(file, before);
    }

    private Path file(String begin) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> folder.relativize(file).toString().startsWith(begin))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String storeId() throws IOException {
        return Files.readString(file("manifests/000000000001")).replaceAll("(?s).*\"store\":\"([^\"]+)\".*", "$1");
    }

    private void lookUp(int times) {
        for (int time = 0; time < times; time++) {
            api.get("/admin/tx/TX-" + ++looked, "X-Actor-Id", "kim", "X-Actor-Roles", "A,B");
        }
    }

    private AuditExport.Exported export() throws SQLException, IOException {
        try (FolderTarget target = FolderTarget.toWrite(folder)) {
            return new AuditExport(store(), target, Clock.systemUTC()).run();
        }
    }

    private ExportVerification.Summary verify() throws SQLException, IOException {
        List<String> breaks = new ArrayList<>();
        ExportVerification.Summary summary = breaks(breaks, true);
        assertThat(breaks).isEmpty();
        return summary;
    }

    private ExportVerification.Summary breaks(List<String> breaks, boolean withStore) throws SQLException, IOException {
        ExportVerification verification = new ExportVerification(FolderTarget.toRead(folder), breaks::add);
        return withStore ? verification.run(store()) : verification.run();
    }

    /** As the commands open it: a statement commits only where that is said. */
    private DataSource store() {
        PGSimpleDataSource store = new PGSimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                connection.setAutoCommit(false);
                return connection;
            }
        };
        store.setUrl(api.database().jdbcUrl());
        store.setUser(api.database().user());
        store.setPassword(api.database().password());
        return store;
    }

    /** Ends a run at its next file of that name, or once all files are there. */
    private record Dying(ExportTarget target, String when) implements ExportTarget {
        @Override
        public String address() {
            return target.address();
        }

        @Override
        public Optional<byte[]> read(String name) throws IOException {
            return target.read(name);
        }

        @Override
        public boolean create(String name, byte[] content) throws IOException {
            if (name.startsWith(when)) {
                throw new IOException("killed");
            }
            boolean created = target.create(name, content);
            if (name.startsWith("manifests/") && !when.endsWith("/")) {
                throw new IOException("killed");
            }
            return created;
        }

        @Override
        public List<String> names(String inner) throws IOException {
            return target.names(inner);
        }
    }
}
