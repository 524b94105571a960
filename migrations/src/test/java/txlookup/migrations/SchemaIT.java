package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the migrations make. */
class SchemaIT {
    private static final String INDEXES_WITHOUT_COMMENT = """
            SELECT i.indexrelid::regclass::text
            FROM pg_index i
            JOIN pg_class t ON t.oid = i.indrelid
            WHERE t.relnamespace = ANY ('{bo, %s}'::regnamespace[])
              AND t.relname <> 'flyway_schema_history' AND NOT t.relispartition
              AND obj_description(i.indexrelid, 'pg_class') IS NULL
            ORDER BY 1""".formatted(MigratedDatabase.SCHEMA);

    private static final String OTHER_THAN_TABLES = """
            SELECT relname FROM pg_class WHERE relnamespace = '%1$s'::regnamespace AND relkind NOT IN ('r', 'i', 'S')
            UNION ALL
            SELECT proname FROM pg_proc WHERE pronamespace = '%1$s'::regnamespace
            UNION ALL
            SELECT typname FROM pg_type WHERE typnamespace = '%1$s'::regnamespace AND typrelid = 0 AND typelem = 0
            UNION ALL
            SELECT tgname FROM pg_trigger JOIN pg_class t ON t.oid = tgrelid
            WHERE relnamespace = '%1$s'::regnamespace AND NOT tgisinternal
            UNION ALL
            SELECT conname FROM pg_constraint JOIN pg_class t ON t.oid = confrelid
            WHERE connamespace = '%1$s'::regnamespace AND relnamespace <> connamespace
            UNION ALL
            SELECT attname FROM pg_attribute JOIN pg_class t ON t.oid = attrelid
            WHERE relnamespace = '%1$s'::regnamespace AND attname = 'generation'
            """;

    private static final String MONEY = """
            SELECT c.table_name || '.' || c.column_name
            FROM information_schema.columns c
            WHERE c.table_schema = current_schema() AND c.column_name LIKE 'amount%%' AND %s
            ORDER BY 1""";

    private static final String PLAN_GENERATION = """
            INSERT INTO bo.generation (generation, env, owner, consumer_group, event_profile, t_cutover, state)
            VALUES (%d, 'test', 'somebody', 'group', 'canonical-v1', now(), 'PLANNED')""";

    private static final String COVER = """
            INSERT INTO coverage (kind, name, partition, start_position, next_position, as_of,
                consumed, applied, stale, duplicate, dead)
            VALUES ('%s', gen_random_uuid()::text, 0, %d, %d, now(), %d, %d, %d, %d, %d)""";

    private static final String DEAD_LETTER = """
            INSERT INTO dead_letter (source_id, position, record_time, reason, detail, state)
            SELECT min(source_id), %d, now(), '%s', 'detail', '%s' FROM coverage""";

    private static MigratedDatabase database;

    @BeforeAll
    static void migrate() throws SQLException {
        database = MigratedDatabase.atHead();
        database.run(PLAN_GENERATION.formatted(1));
        database.run(COVER.formatted("STREAM", 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void everyIndexNamesTheQueryThatItServes() throws SQLException {
        assertThat(database.ask(INDEXES_WITHOUT_COMMENT)).isEmpty();
    }

    @Test
    void aGenerationsSchemaHoldsTablesOnlyAndLeadsNowhereElse() throws SQLException {
        assertThat(database.ask(OTHER_THAN_TABLES.formatted(MigratedDatabase.SCHEMA)))
                .isEmpty();
    }

    @Test
    void moneyIsNumericWithoutPrecisionSoThatDigitsAndScaleAreKept() throws SQLException {
        assertThat(database.ask(MONEY.formatted(
                        "c.data_type = 'numeric' AND c.numeric_precision IS NULL AND c.numeric_scale IS NULL")))
                .containsExactly(
                        "ledger_entry.amount",
                        "ledger_entry.amount_signed",
                        "open_payment.amount",
                        "payment_order.amount")
                .isEqualTo(database.ask(MONEY.formatted("true")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10000.00", "0.000000000000000000000000000001", "123456789012345678901234567890.10"})
    void anAmountComesBackAsItWasSent(String amount) throws SQLException {
        database.run("""
                INSERT INTO payment_order (created_at, source_time, digest, source_position, ingested_at, source_id,
                    order_id, amount, status)
                VALUES (now(), now(), 0, 0, now(), 1, '%1$s', %1$s, 'CREATED')""".formatted(amount));

        assertThat(database.ask("SELECT amount FROM payment_order WHERE order_id = '%s'".formatted(amount)))
                .containsExactly(amount);
    }

    @Test
    void aSourceWhoseRecordsAreAllAccountedForIsTaken() throws SQLException {
        database.run(COVER.formatted("BACKFILL", 5, 15, 10, 4, 3, 2, 1));

        assertThat(database.ask("SELECT dead FROM coverage WHERE consumed = 10"))
                .containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({
        "9, 4, 3, 2, 1, coverage_accounts_for_all",
        "11, 4, 3, 2, 1, coverage_accounts_for_all",
        "1, 0, 0, 0, 0, coverage_accounts_for_all",
    })
    void aRecordThatIsNotAccountedForIsRefused(
            int consumed, int applied, int stale, int duplicate, int dead, String constraint) {
        refused(COVER.formatted("STREAM", 0, 20, consumed, applied, stale, duplicate, dead), constraint);
    }

    @Test
    void aSourceNeverStandsBeforeItsStart() {
        refused(COVER.formatted("STREAM", 5, 4, 0, 0, 0, 0, 0), "coverage_position");
    }

    @Test
    void aSourceOfAnUnknownKindIsRefused() {
        refused(COVER.formatted("RUMOUR", 0, 0, 0, 0, 0, 0, 0), "coverage_kind");
    }

    @Test
    void aGenerationInAnUnknownStateIsRefused() {
        refused(PLAN_GENERATION.formatted(3).replace("PLANNED", "ALMOST"), "generation_state");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parse_error",
                "contract_core_violation",
                "unsupported_topic",
                "tombstone",
                "future_timestamp",
                "value_out_of_range"
            })
    void aDeadLetterWithAReasonOfTheContractIsTaken(String reason) throws SQLException {
        database.run(DEAD_LETTER.formatted(reason.hashCode(), reason, "OPEN"));

        assertThat(database.ask("SELECT attempts FROM dead_letter WHERE reason = '%s'".formatted(reason)))
                .containsExactly("0");
    }

    @Test
    void aDeadLetterWithAnotherReasonIsRefused() {
        refused(DEAD_LETTER.formatted(1, "database_down", "OPEN"), "dead_letter_reason");
    }

    @Test
    void aDeadLetterInAnUnknownStateIsRefused() {
        refused(DEAD_LETTER.formatted(2, "parse_error", "FORGOTTEN"), "dead_letter_state");
    }

    @Test
    void oneRecordIsDeadLetteredOnce() throws SQLException {
        database.run(DEAD_LETTER.formatted(3, "tombstone", "DISCARDED"));

        refused(DEAD_LETTER.formatted(3, "tombstone", "OPEN"), "dead_letter_coordinates");
    }

    private static void refused(String sql, String constraint) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> database.run(sql))
                .withMessageContaining('"' + constraint + '"');
    }
}
