package txlookup.azure.destroy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import txlookup.azure.destroy.plan.PlanFile;
import txlookup.azure.destroy.plan.RebuildProbe;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.destroy.policy.ReasonCode;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.destroy.run.DestroyReport.Outcome;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.Resource;

/** The real client over HTTP: what goes, what stays, and what stops it. */
@Timeout(60)
class DestroyOnFakeIT {
    private static final String POSTGRES =
            Practice.GROUP + "/providers/Microsoft.DBforPostgreSQL/flexibleServers/team4-txlookup-pg-kim-dev";

    @TempDir
    private Path folder;

    private Practice practice;

    @BeforeEach
    void start() throws Exception {
        practice = Practice.small(folder);
    }

    @AfterEach
    void stop() {
        practice.close();
    }

    @Test
    void nothingGoesBeforeTheLastLookAllowsIt() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        List<String> before = practice.ours();
        practice.lastLook = () -> Optional.of("7 rows of the audit are not exported");

        DestroyReport refused = practice.destroy(plan);

        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.why()).isEqualTo("7 rows of the audit are not exported");
        assertThat(practice.ours()).isEqualTo(before);
        practice.lastLook = () -> {
            throw new IOException("the audit cannot be read");
        };
        assertThat(practice.destroy(plan).why()).isEqualTo("the audit cannot be read");
        practice.lastLook = Optional::empty;
        assertThat(practice.destroy(plan).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void theAuditIsSettledOnceForAPlan() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        try (DestroyJournal journal = DestroyJournal.open(plan)) {
            assertThat(journal.isAuditSettled()).isFalse();
            journal.auditSettled();
        }
        try (DestroyJournal journal = DestroyJournal.open(plan)) {
            assertThat(journal.isAuditSettled()).isTrue();
        }
    }

    @Test
    void aWholeEnvironmentGoesUnderThrottlingAndItsNeighboursStay() throws Exception {
        // Nine requests make a round here: with every ninth refused it would be the same one for ever.
        try (Practice whole = new Practice(folder, new FakeAzure.Slowness(2, 3, 2, 7, 40))) {
            whole.azure.arrange(world -> world.appearLater(40)
                    .environment(Practice.TARGET.naming(), "2026-11-20")
                    .neighbours(Practice.TARGET.naming()));
            List<String> foreign = whole.foreign();
            PlanFile plan = whole.plan("whole.json");
            assertThat(plan.plan().destroyed()).hasSize(AzureKind.values().length);

            DestroyReport report = whole.destroy(plan);

            assertThat(report.outcome()).as(report.why()).isEqualTo(Outcome.DONE);
            assertThat(whole.ours()).isEmpty();
            assertThat(whole.azure.deletedVaults()).isEmpty();
            assertThat(whole.foreign()).isEqualTo(foreign);
            assertThat(report.destroyed()).hasSameSizeAs(plan.plan().destroyed());
            assertThat(report.destroyed()
                            .get(report.destroyed().size() - 1)
                            .id()
                            .isGroup())
                    .isTrue();
            assertThat(report.calls()).anyMatch(call -> call.status() == 429).allMatch(call -> !call.correlation()
                    .isEmpty());
            assertThat(report.write(folder)).content().contains("\"outcome\" : \"DONE\"");
        }
    }

    @Test
    void aPlanChangesNothingAndIsTheSameWhenReadBack() throws Exception {
        practice.azure.interfere((number, method, path) -> Optional.empty());
        PlanFile plan = practice.plan("plan.json");
        assertThat(practice.azure.requests()).isNotEmpty().allMatch(request -> request.startsWith("GET "));
        assertThat(PlanFile.read(plan.path(), plan.confirmation()).plan()).isEqualTo(plan.plan());
        assertThat(plan.plan().kept())
                .anyMatch(verdict ->
                        verdict.reasons().stream().anyMatch(reason -> reason.code() == ReasonCode.DATABRICKS))
                .anyMatch(verdict ->
                        verdict.reasons().stream().anyMatch(reason -> reason.code() == ReasonCode.NAME_OF_ANOTHER));
        assertThat(plan.plan().nextGroup()).isEqualTo("bo-sync-dev-kim-v20261121090000");
    }

    @Test
    void aChangedPlanOrAnotherConfirmationIsRefusedBeforeTheFirstCall() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        practice.azure.interfere((number, method, path) -> Optional.empty());
        assertThatThrownBy(() -> PlanFile.read(plan.path(), "")).hasMessageContaining("--confirm");
        assertThatThrownBy(() -> PlanFile.read(plan.path(), null)).hasMessageContaining("--confirm");
        assertThatThrownBy(() -> PlanFile.read(Path.of(" "), plan.confirmation()))
                .hasMessageContaining("is not a file");
        Files.writeString(plan.path(), Files.readString(plan.path()).replace("kim", "lee"));
        assertThatThrownBy(() -> PlanFile.read(plan.path(), plan.confirmation()))
                .hasMessageContaining("changed since");
        assertThat(practice.azure.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "Kim", "kim-lee", "kim*"})
    void emptyBlankOrStrangeOwnerEnvAndSubscriptionAreRefused(String text) {
        assertThatThrownBy(() -> target(FakeAzure.SUBSCRIPTION, text, "dev"))
                .hasMessageContaining("the owner is \"" + text);
        assertThatThrownBy(() -> target(FakeAzure.SUBSCRIPTION, "kim", text))
                .hasMessageContaining("the env is \"" + text);
        assertThatThrownBy(() -> target(text, "kim", "dev")).hasMessageContaining("the subscription is \"" + text);
    }

    @Test
    void aLockThatAppearsAfterThePlanStopsItBeforeTheFirstDeletion() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        List<String> before = practice.ours();
        practice.azure.arrange(world -> world.lock(POSTGRES, "CanNotDelete", "ask kim"));

        DestroyReport report = practice.destroy(plan);

        assertThat(report.outcome()).isEqualTo(Outcome.DRIFT);
        assertThat(report.why()).contains("no longer qualifies", "the lock keep (CanNotDelete) holds at " + POSTGRES);
        assertThat(report.next()).contains("new plan");
        assertThat(practice.ours()).containsAll(before);
        assertThat(practice.plan("locked.json").plan().locks())
                .singleElement()
                .asString()
                .contains("ask kim", "Owner");
    }

    @Test
    void aTagThatChangesBetweenTwoDeletionsStopsTheRest() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        boolean[] changed = new boolean[1];
        practice.azure.interfere((number, method, path) -> {
            if (method.equals("DELETE") && !changed[0]) {
                changed[0] = true;
                practice.azure.arrange(world -> world.put(
                        Practice.GROUP + "/providers/Microsoft.KeyVault/vaults/team4-tx-kv-kim-d",
                        Map.of(
                                "env",
                                "dev",
                                "owner",
                                "kim",
                                "project",
                                "txlookup",
                                "stage",
                                "cloud-test",
                                "ttl",
                                "2026-11-19")));
            }
            return Optional.empty();
        });
        DestroyReport report = practice.destroy(plan);
        assertThat(report.outcome()).isEqualTo(Outcome.DRIFT);
        assertThat(report.why()).contains("is not as it was planned", "2026-11-19");
        assertThat(practice.azure.requests().stream().filter(request -> request.startsWith("DELETE")))
                .hasSize(1);
    }

    @Test
    void whatSomebodyPutsIntoTheGroupKeepsTheGroup() throws Exception {
        String precious = Practice.GROUP + "/providers/Microsoft.Storage/storageAccounts/precious";
        practice.azure.arrange(world -> world.put(precious, Map.of()));
        PlanFile plan = practice.plan("plan.json");
        assertThat(practice.destroy(plan).outcome()).isEqualTo(Outcome.DONE);
        assertThat(practice.ours()).contains(Practice.GROUP, precious).doesNotContain(POSTGRES);
    }

    @Test
    void whatWasMadeAgainUnderTheSameNameAfterAKillIsNotDeletedByTheOldPlan() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        practice.azure.interfere((number, method, path) -> method.equals("DELETE") && path.equals(Practice.GROUP)
                ? Optional.of(FakeAnswer.scopeLocked(path, path))
                : Optional.empty());
        assertThat(practice.destroy(plan).outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(practice.ours()).doesNotContain(POSTGRES);
        practice.azure.interfere((number, method, path) -> Optional.empty());
        practice.azure.arrange(
                world -> world.environment(Practice.TARGET.naming(), "2026-11-20", EnumSet.of(AzureKind.POSTGRES)));

        DestroyReport second = practice.destroy(plan);

        assertThat(second.outcome()).isEqualTo(Outcome.DRIFT);
        assertThat(second.why()).contains(POSTGRES, "is there again");
        assertThat(practice.ours()).contains(POSTGRES);
    }

    @Test
    void anEnvironmentThatCannotBeMadeAgainIsNotTouched() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        practice.findings = () -> List.of(new RebuildProbe.Finding(
                "the extract can be read", false, "no file extract/ledger.ndjson", "make the extract first"));
        practice.azure.interfere((number, method, path) -> Optional.empty());
        DestroyReport report = practice.destroy(plan);
        assertThat(report.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(report.why()).contains("the extract can be read", "make the extract first");
        assertThat(practice.azure.requests()).isEmpty();
        assertThat(report.left()).contains(POSTGRES);
    }

    @Test
    void aVaultThatKeepsItsNameIsToldBeforeAndOnlyRetiringTakesIt() throws Exception {
        String vault = Practice.GROUP + "/providers/Microsoft.KeyVault/vaults/team4-tx-kv-kim-d";
        practice.azure.arrange(world -> {
            var body = JsonNodeFactory.instance.objectNode();
            body.putObject("properties").put("enablePurgeProtection", true);
            var tags = body.putObject("tags");
            Map.of("env", "dev", "owner", "kim", "project", "txlookup", "stage", "cloud-test", "ttl", "2026-11-20")
                    .forEach(tags::put);
            world.put(vault, body);
        });
        PlanFile plan = practice.plan("plan.json");
        assertThat(plan.plan().names())
                .anyMatch(name -> name.blocked() && name.forecast().contains("purge protection"));
        assertThat(practice.destroy(plan).outcome()).isEqualTo(Outcome.REFUSED);

        DestroyReport retired = practice.destroy(practice.plan("retire.json", Optional.empty(), true));

        assertThat(retired.outcome()).as(retired.why()).isEqualTo(Outcome.DONE);
        assertThat(practice.azure.deletedVaults()).containsExactly("team4-tx-kv-kim-d");
    }

    @Test
    void aTtlThatIsAheadNeedsAReasonAndNothingElseIsEasedByIt() throws Exception {
        String untagged = FakeWorld.group("shared-rg") + "/providers/Microsoft.KeyVault/vaults/team4-tx-kv-kim-d";
        practice.azure.arrange(
                world -> world.environment(Practice.TARGET.naming(), "2026-11-22", EnumSet.of(AzureKind.POSTGRES))
                        .put(untagged, Map.of()));
        assertThat(verdict(practice.plan("due.json"), POSTGRES).reasons())
                .extracting(Reason::code)
                .containsExactly(ReasonCode.TTL_AHEAD);
        PlanFile early = practice.plan("early.json", Optional.of("cut over to B"), false);
        assertThat(verdict(early, POSTGRES).destroy()).isTrue();
        assertThat(early.plan().early()).isEqualTo("cut over to B");
        assertThat(verdict(early, untagged).reasons()).extracting(Reason::code).contains(ReasonCode.UNTAGGED);
        assertThatThrownBy(() -> practice.plan("blank.json", Optional.of(" "), false))
                .hasMessageContaining("--reason");
    }

    @Test
    void anOperationLinkToAnotherHostIsNotFollowed() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        practice.azure.interfere((number, method, path) -> method.equals("DELETE")
                ? Optional.of(new FakeAnswer(
                        202, Map.of("Location", "https://elsewhere.example/x"), "", java.time.Duration.ZERO, false))
                : Optional.empty());
        DestroyReport report = practice.destroy(plan);
        assertThat(report.outcome()).isEqualTo(Outcome.INCOMPLETE);
        assertThat(report.why()).contains("elsewhere.example", "not followed");
    }

    @Test
    void aSecondProcessOnTheSamePlanIsToldToWait() throws Exception {
        PlanFile plan = practice.plan("plan.json");
        try (DestroyJournal held = DestroyJournal.open(plan)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> practice.destroy(plan)).hasMessageContaining("another process");
        }
    }

    private static ResourceVerdict verdict(PlanFile plan, String id) {
        return plan.plan().verdicts().stream()
                .filter(verdict -> idOf(verdict.resource()).equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String idOf(Resource resource) {
        return resource.id().toString();
    }

    private static Target target(String subscription, String owner, String env) {
        return new Target(subscription, "cloud-test", "team4", "txlookup", "tx", owner, env, "d");
    }
}
