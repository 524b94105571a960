package txlookup.migrations.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This build's own migrations, and what happens to those who edit them. */
class ReleasedMigrationsTest {
    @TempDir
    Path folder;

    @Test
    void thisBuildsMigrationsAreAsTheyWereReleasedAndTheNewOnesAreSafe() throws IOException {
        MigrationFolder ours = MigrationFolder.ofThisBuild();

        assertThat(new MigrationLint(ours, false).findings())
                .as(
                        "lines for a release: %s",
                        ours.revisions().stream()
                                .map(file -> ReleasedRevisions.line("?", file))
                                .toList())
                .isEmpty();
        assertThat(ours.revisions()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(ours.boundsLocks()).isTrue();
        assertThat(ours.missing()).isEmpty();
    }

    @Test
    void aReleasedRevisionIsReadWholeAndItsFaultsCanBeLearntFrom() throws IOException {
        assertThat(new MigrationLint(MigrationFolder.ofThisBuild(), true).findings())
                .extracting(Finding::rule)
                .contains(Rule.INDEX_NOT_CONCURRENT, Rule.TRIGGER_ON_FILLED_TABLE)
                .doesNotContain(Rule.EDITED_REVISION, Rule.NOT_UNDERSTOOD);
    }

    @Test
    void anEditedReleaseIsFoundWithBothHashes() throws IOException {
        MigrationFolder folder = released("V1__a.sql", "CREATE TABLE bo.a (n bigint);");
        Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE bo.a (n bigint, m bigint);");

        assertThat(new MigrationLint(MigrationFolder.of(this.folder), false).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo(Rule.EDITED_REVISION);
                    assertThat(finding.file()).endsWith("V1__a.sql");
                    assertThat(finding.message())
                            .contains(folder.revisions().get(0).sha256());
                });
    }

    @Test
    void aRemovedReleaseIsFound() throws IOException {
        released("V1__a.sql", "CREATE TABLE bo.a (n bigint);");
        Files.delete(folder.resolve("V1__a.sql"));

        assertThat(new MigrationLint(MigrationFolder.of(folder), false).findings())
                .singleElement()
                .matches(finding -> finding.rule() == Rule.EDITED_REVISION
                        && finding.message().contains("is not here"));
    }

    @Test
    void lineEndsOfAnotherSystemAreNoEdit() throws IOException {
        released("V1__a.sql", "CREATE TABLE bo.a (\n    n bigint\n);\n");
        Files.writeString(folder.resolve("V1__a.sql"), "CREATE TABLE bo.a (\r\n    n bigint\r\n);\r\n");

        assertThat(new MigrationLint(MigrationFolder.of(folder), false).findings())
                .isEmpty();
    }

    @Test
    void withoutACallbackOrTimeoutsOfItsOwnARevisionIsFound() throws IOException {
        released("V1__a.sql", "CREATE TABLE bo.a (n bigint);");
        Files.writeString(folder.resolve("V2__b.sql"), "ALTER TABLE bo.a ADD COLUMN m bigint;");
        assertThat(new MigrationLint(MigrationFolder.of(folder), false).findings())
                .extracting(Finding::rule)
                .containsExactly(Rule.MISSING_TIMEOUT);

        Files.writeString(
                folder.resolve("V2__b.sql"),
                "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '1min'; ALTER TABLE bo.a ADD COLUMN m bigint;");
        assertThat(new MigrationLint(MigrationFolder.of(folder), false).findings())
                .isEmpty();
    }

    @Test
    void whatIsNoSqlIsFoundWithItsPlace() throws IOException {
        Files.writeString(folder.resolve("V1__a.sql"), "SELECT 1;\nSELECT 'a");

        assertThat(new MigrationLint(MigrationFolder.of(folder), false).findings())
                .containsExactly(new Finding(
                        Rule.NOT_UNDERSTOOD, folder.resolve("V1__a.sql").toString(), 2, 8, "this string has no end"));
    }

    @Test
    void aLineOfTheListThatIsNoneIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReleasedRevisions.parse("0.1.0 V1__a.sql"))
                .withMessageContaining("\"0.1.0 V1__a.sql\" is not");
    }

    @Test
    void thePlanOfADatabaseThatIsBehindShowsItsLocks() throws IOException {
        released("V1__a.sql", "CREATE TABLE bo.a (n bigint);");
        Files.writeString(
                folder.resolve("V2__b.sql"), "CREATE TABLE bo.b (n bigint);\nALTER TABLE bo.a ADD COLUMN m bigint;");
        Files.writeString(folder.resolve("V3__c.sql"), "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_by_n ON bo.a (n);");

        MigrationPlan plan = MigrationPlan.of(MigrationFolder.of(folder), "1");

        assertThat(plan.revisions())
                .extracting(MigrationPlan.PlannedRevision::file)
                .containsExactly("V2__b.sql", "V3__c.sql");
        MigrationPlan.PlannedRevision second = plan.revisions().get(0);
        assertThat(second.inTransaction()).isTrue();
        assertThat(second.statements())
                .extracting(MigrationPlan.PlannedStatement::locks)
                .containsExactly(
                        List.of(),
                        List.of(new MigrationPlan.TableLock("bo.a", LockMode.ACCESS_EXCLUSIVE, Work.CATALOGUE)));
        MigrationPlan.PlannedRevision third = plan.revisions().get(1);
        assertThat(third.inTransaction()).isFalse();
        assertThat(third.strongest()).isEqualTo(LockMode.SHARE_UPDATE_EXCLUSIVE);
        assertThat(MigrationPlan.of(MigrationFolder.of(folder), null).revisions())
                .as("nobody waits in an empty database")
                .allMatch(revision -> revision.strongest() == LockMode.NONE);
        assertThat(MigrationPlan.of(MigrationFolder.of(folder), "3").revisions())
                .isEmpty();
    }

    private MigrationFolder released(String name, String sql) throws IOException {
        Files.writeString(folder.resolve(name), sql);
        MigrationFolder unreleased = MigrationFolder.of(folder);
        Files.writeString(
                folder.resolve(ReleasedRevisions.FILE),
                ReleasedRevisions.line("0.1.0", unreleased.revisions().get(0)) + "\n");
        return MigrationFolder.of(folder);
    }
}
