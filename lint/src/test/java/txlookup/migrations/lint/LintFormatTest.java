package txlookup.migrations.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LintFormatTest {
    private static final Path SCHEMA =
            Path.of("..").toAbsolutePath().normalize().resolveSibling("shared/schemas/sarif-2.1.0.json");
    private static final List<LintFinding> FINDINGS = List.of(
            new LintFinding(
                    LintRule.BULK_WRITE, "migrations/V6__a b.sql", 3, 5, "UPDATE on bo.x: 100%\nof it, all: gone"),
            new LintFinding(LintRule.EDITED_REVISION, "migrations/V1__c.sql", 1, 1, "edited"));

    @Test
    void textSaysWhereWhatWhyAndWhatInstead() {
        assertThat(LintFormat.TEXT.write(FINDINGS))
                .contains("migrations/V6__a b.sql:3:5  bulk-write")
                .contains("UPDATE on bo.x: 100%")
                .contains("instead: " + LintRule.BULK_WRITE.instead());
        assertThat(LintFormat.TEXT.write(List.of())).isEmpty();
    }

    @Test
    void annotationsAreOneLineEachWithGitHubsEscapes() {
        assertThat(LintFormat.GITHUB.write(FINDINGS).lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith(
                        "::error file=migrations/V6__a b.sql,line=3,col=5,title=bulk-write::UPDATE on bo.x: 100%25%0Aof it, all: gone");
    }

    @Test
    void sarifNamesEachRuleAndPlace() {
        JsonNode run = JsonMapper.builder()
                .build()
                .readTree(LintFormat.SARIF.write(FINDINGS))
                .at("/runs/0");

        assertThat(run.at("/tool/driver/rules")).hasSize(LintRule.values().length);
        assertThat(run.at("/results")).hasSize(2);
        assertThat(run.at("/results/0/ruleId").asString()).isEqualTo("bulk-write");
        assertThat(run.at("/results/0/locations/0/physicalLocation/region/startLine")
                        .asInt())
                .isEqualTo(3);
        assertThat(run.at("/results/0/locations/0/physicalLocation/artifactLocation/uri")
                        .asString())
                .isEqualTo("migrations/V6__a%20b.sql");
    }

    @Test
    void sarifHoldsByItsSchema() throws Exception {
        if (!Files.exists(SCHEMA)) {
            System.out.printf("NOT CHECKED: there is no %s to hold SARIF against%n", SCHEMA);
        }
        assumeThat(SCHEMA).exists();
        Schema schema =
                SchemaRegistry.withDialect(Dialects.getDraft7()).getSchema(Files.readString(SCHEMA), InputFormat.JSON);

        assertThat(schema.validate(LintFormat.SARIF.write(FINDINGS), InputFormat.JSON).stream()
                        .map(Error::toString))
                .isEmpty();
        assertThat(schema.validate(LintFormat.SARIF.write(List.of()), InputFormat.JSON))
                .isEmpty();
        assertThat(schema.validate("{\"version\": \"2.1.0\"}", InputFormat.JSON))
                .as("a log without runs does not hold")
                .isNotEmpty();
    }
}
