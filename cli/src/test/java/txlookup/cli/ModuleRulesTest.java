package txlookup.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may import what (docs/architecture.md). */
class ModuleRulesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("txlookup");

    @Test
    void kafkaClientsStayWhereRecordsAndOffsetsAre() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "txlookup.consumer..",
                        "txlookup.gate.observe..",
                        "txlookup.local..",
                        "txlookup.proof.log",
                        "txlookup.traffic")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka.clients..")
                .check(CLASSES);
    }

    @Test
    void jdbcStaysInStoreSourcesQueriesAndMigrations() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "txlookup.apply.generation..",
                        "txlookup.apply.store..",
                        "txlookup.backfill.source",
                        "txlookup.api..",
                        "txlookup.azure.login",
                        "txlookup.gate.observe..",
                        "txlookup.migrations",
                        "txlookup.local..",
                        "txlookup.proof.generation",
                        "txlookup.proof.store",
                        "txlookup.rebuild.evidence",
                        "txlookup.rebuild.serving",
                        "txlookup.schemacheck.observe")
                .and()
                // An act takes one connection, since it has to be quick from the start of its command.
                .haveNameNotMatching(
                        "txlookup\\.cli\\.generation\\.(ActOptions|PossibleActs|WaitingActs|Generation(Reprocess|Switch|Rollback|Retire)Command).*")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.sql\\.(Connection|.*Statement|ResultSet|DriverManager)")
                .check(CLASSES);
    }

    @Test
    void theLookupApiMeetsTheWritersAtTheSchemaOnly() {
        noClasses()
                .that()
                .resideInAPackage("txlookup.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "txlookup.apply.model..",
                        "txlookup.apply.decode..",
                        "txlookup.apply.replay..",
                        "txlookup.apply.store..",
                        "txlookup.consumer..",
                        "txlookup.backfill..",
                        "txlookup.rebuild..")
                .check(CLASSES);
    }

    @Test
    void profilesKnowNothingButThemselves() {
        noClasses()
                .that()
                .resideInAPackage("txlookup.profiles..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("txlookup.apply..", "txlookup.local..", "org.apache.kafka..", "java.sql..")
                .check(CLASSES);
    }

    @Test
    void azuresLibrariesStayInAzure() {
        noClasses()
                .that()
                .resideOutsideOfPackage("txlookup.azure..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.azure..")
                .check(CLASSES);
    }

    @Test
    void servicesKnowOpenTelemetrysInterfacesAndOnlyTheirStarterWhatSends() {
        noClasses()
                .that()
                .resideOutsideOfPackages("txlookup.cli..", "txlookup.azure.monitor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.opentelemetry.sdk..", "io.opentelemetry.exporter..", "io.opentelemetry.instrumentation..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "txlookup.apply.store..",
                        "txlookup.consumer..",
                        "txlookup.api..",
                        "txlookup.cli..",
                        "txlookup.azure.monitor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineSeesAllTheOthers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("txlookup.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("txlookup.cli..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("txlookup.(**)")
                .should()
                .beFreeOfCycles()
                // The commands share options with the program that lists them.
                .ignoreDependency(resideInAPackage("txlookup.cli.."), alwaysTrue())
                .check(CLASSES);
    }
}
