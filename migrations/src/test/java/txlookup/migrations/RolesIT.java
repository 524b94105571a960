package txlookup.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.local.testing.SharedPostgres;
import txlookup.local.testing.TestDatabase;
import txlookup.local.testing.TestSecrets;
import txlookup.profiles.settings.DatabaseRole;

/** Each role may do its work, and is refused everything else. */
class RolesIT {
    private static final long GENERATION = 20260205010000L;
    private static final String PASSWORD = TestSecrets.keep("the password of a plain login");
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static TestDatabase database;
    private static String login;

    @BeforeAll
    static void make() throws SQLException {
        database = SharedPostgres.newDatabase();
        login = database.name() + "_login";
        try (Connection administrator = database.connect();
                Statement statement = administrator.createStatement()) {
            statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(login, PASSWORD));
        }
        PGSimpleDataSource administrator = new PGSimpleDataSource();
        administrator.setUrl(database.jdbcUrl());
        administrator.setUser(database.user());
        administrator.setPassword(database.password());
        Roles.make(administrator, login);
        Roles.make(administrator, login);
        PGSimpleDataSource owner = new PGSimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return acting(DatabaseRole.OWNER);
            }
        };
        Migrations.toHead(owner, GENERATION);
    }

    @AfterAll
    static void drop() {
        SharedPostgres.drop(database);
    }

    private static Connection acting(DatabaseRole role) throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl(), login, PASSWORD);
        try (Statement statement = connection.createStatement()) {
            statement.execute(role.statement());
            statement.execute("SET search_path = g%d, pg_temp".formatted(GENERATION));
        }
        return connection;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            READER | UPDATE bo.audit SET actor = 'x'
            READER | DELETE FROM bo.audit
            READER | TRUNCATE bo.audit
            READER | UPDATE bo.audit_chain SET writer = 'x'
            READER | DELETE FROM bo.audit_chain
            READER | UPDATE bo.audit_register SET chains = 7
            READER | ALTER TABLE bo.audit DISABLE TRIGGER ALL
            READER | DELETE FROM bo.audit_export
            READER | SELECT bo.drop_audit_partition('2020-01-01')
            READER | SELECT bo.note_audit_export('x', 1, 'x', '{}', '{}')
            READER | SELECT bo.close_audit()
            OWNER | ALTER TABLE bo.audit DISABLE TRIGGER ALL
            OWNER | DELETE FROM bo.audit
            OWNER | UPDATE bo.audit_chain SET exported_sequence = 1
            OWNER | DROP TABLE bo.audit
            OWNER | CREATE OR REPLACE FUNCTION bo.refuse_to_change_the_audit() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'
            OWNER | SELECT bo.close_audit()
            OWNER | GRANT ALL ON bo.audit TO CURRENT_USER
            AUDITOR | SELECT count(*) FROM bo.generation
            OWNER | DROP SCHEMA bo CASCADE
            AUDITOR | UPDATE bo.serving SET share = 10
            READER | UPDATE bo.serving SET share = 10
            READER | UPDATE bo.generation SET state = 'RETIRING'
            READER | INSERT INTO bo.act (kind, actor) VALUES ('SWITCH', 'x')
            READER | UPDATE ledger_entry SET amount = 0
            READER | DELETE FROM payment_order
            READER | SELECT bo.end_order(1, NULL)
            READER | DROP TABLE ledger_entry
            READER | CREATE TABLE mine (n integer)
            WRITER | SELECT count(*) FROM bo.audit
            WRITER | INSERT INTO bo.audit (at, actor) VALUES (now(), 'x')
            WRITER | SELECT bo.start_audit_chain('x')
            WRITER | UPDATE bo.generation SET state = 'READY'
            WRITER | ALTER TABLE ledger_entry DISABLE TRIGGER ALL
            WRITER | TRUNCATE ledger_entry
            WRITER | DROP SCHEMA bo CASCADE
            OPERATOR | SELECT count(*) FROM bo.audit
            OPERATOR | UPDATE ledger_entry SET amount = 0
            OPERATOR | DELETE FROM dead_letter
            OPERATOR | ALTER TABLE bo.audit DISABLE TRIGGER ALL
            OPERATOR | DROP TABLE ledger_entry
            """)
    void noRoleMayDoTheWorkOfAnother(DatabaseRole role, String sql) throws SQLException {
        try (Connection connection = acting(role);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                            .as(refused.getMessage())
                            .isEqualTo(INSUFFICIENT_PRIVILEGE));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            READER | SELECT count(*) FROM ledger_entry, bo.generations, bo.serving, bo.audit, bo.evidence
            READER | SELECT bo.start_audit_chain('an API')
            READER | SELECT bo.make_audit_partitions()
            AUDITOR | SELECT count(*) FROM bo.audit, bo.audit_chain, bo.audit_register, bo.audit_export
            AUDITOR | SELECT bo.drop_audit_partition('2020-01-01')
            AUDITOR | SELECT bo.note_audit_export('x', 1, 'x', '{}', '{}')
            READER | INSERT INTO bo.process (process_id, kind, build) VALUES ('r', 'API', 'test')
            READER | DELETE FROM bo.process WHERE process_id = 'r'
            WRITER | UPDATE ledger_entry SET amount = 0
            WRITER | CREATE TEMPORARY TABLE staged (n integer)
            WRITER | INSERT INTO bo.act (kind, target, actor) VALUES ('TAKE_BACK', 1, 'c')
            WRITER | UPDATE bo.serving SET epoch = epoch + 1
            WRITER | INSERT INTO bo.process (process_id, kind, build) VALUES ('w', 'CONSUMER', 'test')
            OPERATOR | SELECT * FROM bo.serving FOR UPDATE
            OPERATOR | SELECT state FROM bo.generation FOR UPDATE
            OPERATOR | UPDATE bo.act SET outcome = 'DONE', ended_at = now()
            OPERATOR | INSERT INTO dead_letter_run (action, actor) VALUES ('REPLAY', 'ann')
            OPERATOR | UPDATE dead_letter SET state = 'DISCARDED'
            OWNER | CREATE TABLE mine (n integer)
            OWNER | DROP TABLE mine
            """)
    void eachRoleMayDoItsOwn(DatabaseRole role, String sql) throws SQLException {
        try (Connection connection = acting(role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void publicExecutesNothing() throws SQLException {
        try (Connection connection = acting(DatabaseRole.OWNER);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT count(*) FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                        WHERE p.pronamespace = 'bo'::regnamespace AND a.grantee = 0""")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }
}
