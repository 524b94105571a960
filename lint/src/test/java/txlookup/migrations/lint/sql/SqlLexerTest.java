package txlookup.migrations.lint.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlLexerTest {
    @Test
    void wordsAreLowerCaseAndQuotedNamesAreAsTheyAre() {
        assertThat(texts("SELECT \"Größe \"\"x\"\"\" FROM Straße$1"))
                .containsExactly("select", "Größe \"x\"", "from", "straße$1");
    }

    @Test
    void whatLooksLikeAStatementInAStringIsNone() {
        assertThat(statements("COMMENT ON TABLE t IS 'it''s; DROP TABLE t;'; SELECT 1"))
                .isEqualTo(2);
        assertThat(statements("COMMENT ON TABLE t IS E'a\\'; DROP TABLE t; --'; SELECT 1"))
                .isEqualTo(2);
        assertThat(statements("COMMENT ON TABLE t IS 'a\\'; SELECT 1")).isEqualTo(2);
    }

    @Test
    void whatLooksLikeAStatementInADollarQuoteIsNone() {
        assertThat(statements("DO $$ BEGIN; END $$; SELECT 1")).isEqualTo(2);
        assertThat(statements("DO $a$ ; $b$ ; $$ ; $a$; SELECT $1; SELECT 2")).isEqualTo(3);
        assertThat(texts("x$a$b")).as("a dollar within a name opens nothing").containsExactly("x$a$b");
    }

    @Test
    void commentsNestAndEndTheirLine() {
        assertThat(statements("/* a; /* b; */ c; */ SELECT 1; -- ; DROP\nSELECT 2;;"))
                .isEqualTo(2);
    }

    @Test
    void aSqlBodyKeepsItsSemicolons() {
        assertThat(statements("""
                CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
                SELECT 1
                """)).isEqualTo(2);
    }

    @Test
    void eachTokenKnowsItsPlace() {
        SqlToken token = SqlLexer.tokens("-- a\n  DROP\n\tTABLE t").get(2);

        assertThat(token.text()).isEqualTo("table");
        assertThat(token.line()).isEqualTo(3);
        assertThat(token.column()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 'a", "SELECT $$ a $", "/* /* */", "SELECT \"a"})
    void whatHasNoEndIsRefusedWithItsPlace(String sql) {
        assertThatExceptionOfType(SqlSyntaxException.class)
                .isThrownBy(() -> SqlLexer.tokens(sql))
                .withMessageContaining("has no end")
                .satisfies(e -> assertThat(e.line()).isEqualTo(1));
    }

    private static List<String> texts(String sql) {
        return SqlLexer.tokens(sql).stream().map(SqlToken::text).toList();
    }

    private static int statements(String sql) {
        return SqlStatement.split(SqlLexer.tokens(sql)).size();
    }
}
