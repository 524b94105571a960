package txlookup.cli.lint;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.migrate.MigrateCommand;
import txlookup.cli.options.ExitCode;
import txlookup.migrations.Migrations;
import txlookup.profiles.Profile;
import txlookup.schemacheck.plan.MigrationPlan;
import txlookup.schemacheck.revision.MigrationFolder;
import txlookup.schemacheck.revision.RevisionSet;

@Command(
        name = "plan",
        description = {
            "Shows what migrate will run on the control schema and on each generation that is not retired.",
            "A scratch PostgreSQL of this machine runs it first, and shows each statement with its locks on existing tables,",
            "and whether they end at once.",
            "Without a generation it shows the making of a new one. Changes nothing."
        },
        footer = {"", "Example:", "  txlookup migrate plan --profile local"})
public final class MigratePlanCommand implements Callable<Integer> {
    private static final String A_NEW_GENERATION = "g<new>";
    private static final long NO_GENERATION = 0;

    @ParentCommand
    private MigrateCommand migrate;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Profile profile = migrate.profile();
        try (HikariDataSource store = migrate.open(profile)) {
            PlanText text = new PlanText(spec.commandLine().getOut());
            plan(text, RevisionSet.CONTROL, Migrations.CONTROL, Migrations.ofControl(store));
            List<Long> generations = Migrations.generations(store);
            for (long generation : generations) {
                String schema = Migrations.schema(generation);
                plan(text, RevisionSet.GENERATION, schema, Migrations.ofGeneration(store, generation));
            }
            if (generations.isEmpty()) {
                plan(text, RevisionSet.GENERATION, A_NEW_GENERATION, Migrations.ofGeneration(store, NO_GENERATION));
            }
            return ExitCode.DONE;
        }
    }

    private static void plan(PlanText text, RevisionSet set, String schema, Migrations migrations) throws IOException {
        Migrations.Revision revision = migrations.revision();
        text.print(schema, revision, MigrationPlan.of(MigrationFolder.ofThisBuild(set), schema, revision.current()));
    }
}
