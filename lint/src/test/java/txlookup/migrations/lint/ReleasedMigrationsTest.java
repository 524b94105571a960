package txlookup.migrations.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import txlookup.migrations.lint.statement.LockMode;
import txlookup.migrations.lint.statement.Work;

/** This build's own migrations, and what happens to those who edit them. */
class ReleasedMigrationsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void thisBuildsMigrationsAreAsTheyWereReleasedAndTheNewOnesAreSafe(RevisionSet set) throws IOException {
        MigrationFolder ours = MigrationFolder.ofThisBuild(set);

        assertThat(new MigrationLint(ours, false).findings())
                .as(
                        "lines for a release: %s",
                        ours.revisions().stream()
                                .map(file -> ReleasedRevisions.line("?", file))
                                .toList())
                .isEmpty();
        assertThat(ours.revisions()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(ours.boundsLocks()).isTrue();
        assertThat(ours.missing()).isEmpty();
    }

    @Test
    void aReleasedRevisionIsReadWholeAndItsFaultsCanBeLearntFrom() throws IOException {
        released("V1__a.sql", "CREATE TABLE bo.a (n bigint);");
        Files.writeString(folder.resolve("V2__b.sql"), """
                SET LOCAL lock_timeout = '2s';
                SET LOCAL statement_timeout = '1min';
                CREATE INDEX a_by_n ON bo.a (n);
                """);
        MigrationFolder unreleased = MigrationFolder.of(folder);
        release(unreleased.revisions().get(0), unreleased.revisions().get(1));

        assertThat(new MigrationLint(MigrationFolder.of(folder), false).findings())
                .isEmpty();
        assertThat(new MigrationLint(MigrationFolder.of(folder), true).findings())
                .extracting(LintFinding::rule)
                .containsExactly(LintRule.INDEX_NOT_CONCURRENT);
    }

    @Test
    void nothingIsReleasedYet() throws IOException {
        for (RevisionSet set : RevisionSet.values()) {
            assertThat(MigrationFolder.ofThisBuild(set).released().fileNames()).isEmpty();
        }
    }

    @Test
    void aFolderNamedGenerationHoldsRevisionsWhoseNamesStandAlone() throws IOException {
        Path generation = Files.createDirectory(folder.resolve("generation"));
        Files.writeString(generation.resolve("V1__a.sql"), "CREATE TABLE a (n bigint);");
        Files.writeString(generation.resolve("V2__b.sql"), "CREATE TABLE bo.b (n bigint);");
        Path control = Files.createDirectory(folder.resolve("control"));
        Files.copy(generation.resolve("V1__a.sql"), control.resolve("V1__a.sql"));

        assertThat(new MigrationLint(MigrationFolder.of(generation), false).findings())
                .singleElement()
                .matches(finding -> finding.rule() == LintRule.NAME_OF_ANOTHER_SCHEMA
                        && finding.file().endsWith("V2__b.sql"));
        assertThat(new MigrationLint(MigrationFolder.of(control), false).findings())
                .extracting(LintFinding::rule)
                .containsExactly(LintRule.UNQUALIFIED_NAME);
    }

    @Test
    void callbacksInTheFolderBesideBothSetsBoundTheLocks() throws IOException {
        Path control = Files.createDirectory(folder.resolve("control"));
        Path callbacks = Files.createDirectory(folder.resolve("callbacks"));
        Files.writeString(control.resolve("V1__a.sql"), "CREATE TABLE bo.a (n bigint);");
        Files.writeString(control.resolve("V2__b.sql"), "ALTER TABLE bo.a ADD COLUMN m bigint;");
        assertThat(new MigrationLint(MigrationFolder.of(control), false).findings())
                .isNotEmpty();

        Files.writeString(
                callbacks.resolve("beforeEachMigrate__bound.sql"),
                "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '1min';");

        assertThat(new MigrationLint(MigrationFolder.of(control), false).findings())
                .isEmpty();
    }

    @Test
    void anEditedReleaseIsFoundWithBothHashes() throws IOException {
        MigrationFolder folder = released("V1__a.sql", "CREATE TABLE bo.a (n bigint);");
        Files.writeString(this.folder.resolve("V1__a.sql"), "CREATE TABLE bo.a (n bigint, m bigint);");

        assertThat(new MigrationLint(MigrationFolder.of(this.folder), false).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.rule()).isEqualTo(LintRule.EDITED_REVISION);
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
                .matches(finding -> finding.rule() == LintRule.EDITED_REVISION
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
                .extracting(LintFinding::rule)
                .containsExactly(LintRule.MISSING_TIMEOUT);

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
                .containsExactly(new LintFinding(
                        LintRule.NOT_UNDERSTOOD,
                        folder.resolve("V1__a.sql").toString(),
                        2,
                        8,
                        "this string has no end"));
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

        MigrationPlan plan = MigrationPlan.of(MigrationFolder.of(folder), "bo", "1");

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
        assertThat(MigrationPlan.of(MigrationFolder.of(folder), "bo", null).revisions())
                .as("nobody waits in an empty database")
                .allMatch(revision -> revision.strongest() == LockMode.NONE);
        assertThat(MigrationPlan.of(MigrationFolder.of(folder), "bo", "3").revisions())
                .isEmpty();
    }

    private MigrationFolder released(String name, String sql) throws IOException {
        Files.writeString(folder.resolve(name), sql);
        release(MigrationFolder.of(folder).revisions().get(0));
        return MigrationFolder.of(folder);
    }

    private void release(MigrationFile... files) throws IOException {
        Files.write(
                folder.resolve(ReleasedRevisions.FILE),
                Stream.of(files)
                        .map(file -> ReleasedRevisions.line("0.1.0", file))
                        .toList());
    }
}
