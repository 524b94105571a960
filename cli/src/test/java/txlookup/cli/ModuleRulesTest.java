package txlookup.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import what (docs/architecture.md). */
class ModuleRulesTest {
    private static final JavaClasses CLASSES = ours();

    private static JavaClasses ours() {
        // Of classes that are not ours the name is enough.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("txlookup");
    }

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
        slices().matching("txlookup.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A row's journey", "A rebuild's journey"})
    void eachCallOfAJourneyMakesTheNext(String journey) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        String list = page.substring(page.indexOf("## " + journey)).split("```")[1];
        List<String[]> calls = list.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" ")[0].split("\\."))
                .toList();

        assertThat(calls).hasSizeBetween(4, 16);
        for (int i = 1; i < calls.size(); i++) {
            String[] from = calls.get(i - 1);
            String[] to = calls.get(i);
            assertThat(calls(from[0], from[1], to[0], to[1]))
                    .as("%s calls %s", String.join(".", from), String.join(".", to))
                    .isTrue();
        }
    }

    /** Also through an interface, and in a lambda. */
    private static boolean calls(String callers, String caller, String owners, String method) {
        return named(callers)
                .flatMap(one -> one.getCodeUnits().stream())
                .filter(unit -> unit.getName().equals(caller))
                .flatMap(unit ->
                        Stream.concat(unit.getCallsFromSelf().stream(), unit.getMethodReferencesFromSelf().stream()))
                .filter(call -> call.getName().equals(method))
                .anyMatch(call -> named(owners)
                        .anyMatch(owner ->
                                owner.isAssignableTo(call.getTargetOwner().getName())));
    }

    private static Stream<JavaClass> named(String simpleName) {
        return CLASSES.stream().filter(one -> one.getSimpleName().equals(simpleName));
    }
}
