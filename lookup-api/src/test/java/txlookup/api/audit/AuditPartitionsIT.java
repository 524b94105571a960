package txlookup.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.api.RunningApi;

/** A month of the audit is a partition: it is there before it begins, and goes when it is exported. */
class AuditPartitionsIT {
    private static final YearMonth NOW = YearMonth.now(ZoneOffset.UTC);
    private static final YearMonth OLD = NOW.minusMonths(2);
    private static final YearMonth BETWEEN = NOW.minusMonths(1);

    private RunningApi api;

    @BeforeEach
    void lookUpInThreeMonths() {
        api = RunningApi.start();
        for (int lookup = 1; lookup <= 6; lookup++) {
            api.get("/admin/tx/TX-" + lookup);
        }
        for (YearMonth month : List.of(OLD, BETWEEN)) {
            api.execute("SELECT bo.make_audit_partition('%s')".formatted(month.atDay(1)));
        }
        asOf(OLD, "sequence <= 2");
        asOf(BETWEEN, "sequence IN (3, 4)");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aWriterMakesThisMonthAndTwoAhead() throws SQLException {
        for (int ahead = 1; ahead <= 2; ahead++) {
            api.execute("DROP TABLE " + name(NOW.plusMonths(ahead)));
        }
        api = api.again();
        api.get("/admin/tx/TX-7");

        assertThat(names())
                .containsExactly(name(OLD), name(BETWEEN), name(NOW), name(NOW.plusMonths(1)), name(NOW.plusMonths(2)));
    }

    @Test
    void aChainIsVerifiedAcrossMonthsAndFromWhereTheDroppedOnesEnd() throws SQLException {
        assertThat(verify()).isEmpty();
        exported(4);
        drop(OLD);

        assertThat(names()).doesNotContain(name(OLD));
        assertThat(verify()).isEmpty();
        api.get("/admin/tx/TX-7");
        drop(BETWEEN);
        assertThat(verify()).isEmpty();
        assertThat(new AuditVerification(api.database().connections())
                        .run(found -> {})
                        .rowsDropped())
                .isEqualTo(4);
        api.execute("ALTER TABLE bo.audit DISABLE TRIGGER ALL; DELETE FROM bo.audit WHERE sequence = 5");
        assertThat(verify()).containsExactly("chain 1, row 5: it is missing");
    }

    @Test
    void aMonthStaysUntilItsLastRowIsExported() {
        exported(1);

        assertThatThrownBy(() -> drop(OLD))
                .hasMessageContaining("holds rows of chain 1 up to 2, and only those up to 1 are exported")
                .hasMessageContaining("txlookup audit export");
    }

    @Test
    void theMonthThatTakesRowsStays() {
        exported(6);

        assertThatThrownBy(() -> drop(NOW)).hasMessageContaining("is not over and stays");
    }

    @Test
    void aMonthStaysWhileEarlierRowsOfItsChainsAreThere() {
        exported(6);

        assertThatThrownBy(() -> drop(BETWEEN))
                .hasMessageContaining("holds rows 3 to 4 of chain 1, which is dropped up to 0");
    }

    @Test
    void aClosedAuditTakesNoRowUntilItIsOpenedAgain() throws SQLException {
        api.execute("SELECT bo.close_audit()");
        assertThat(api.get("/admin/tx/TX-8").statusCode()).isEqualTo(503);
        api.execute("SELECT bo.open_audit()");
        assertThat(api.get("/admin/tx/TX-9").statusCode()).isEqualTo(404);
        assertThat(verify()).isEmpty();
    }

    /** As if these rows had been written then. */
    private void asOf(YearMonth month, String rows) {
        api.execute("""
                ALTER TABLE bo.audit DISABLE TRIGGER ALL;
                UPDATE bo.audit SET recorded_at = '%s' WHERE %s;
                ALTER TABLE bo.audit ENABLE ALWAYS TRIGGER audit_only_grows""".formatted(month.atDay(1), rows));
    }

    private void exported(long sequence) {
        api.execute("SELECT bo.note_audit_export('a test', 1, 'x', '{1}', '{%d}')".formatted(sequence));
    }

    private void drop(YearMonth month) {
        api.execute("SELECT bo.drop_audit_partition('%s')".formatted(month.atDay(1)));
    }

    private List<String> verify() throws SQLException {
        List<String> breaks = new ArrayList<>();
        new AuditVerification(api.database().connections()).run(found -> breaks.add(found.toString()));
        return breaks;
    }

    private static String name(YearMonth month) {
        return "bo.audit_" + DateTimeFormatter.ofPattern("uuuu_MM").format(month);
    }

    private List<String> names() throws SQLException {
        try (Connection connection = api.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'bo.audit'::regclass")) {
            List<String> names = new ArrayList<>();
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names.stream().sorted().toList();
        }
    }
}
