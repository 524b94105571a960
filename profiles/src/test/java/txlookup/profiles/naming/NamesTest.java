package txlookup.profiles.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import txlookup.profiles.LoadedProfiles;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;

class NamesTest {

    private static final Names WORKED_EXAMPLE = new Names(naming("2dt026", "test"));

    @ParameterizedTest
    @CsvSource({
        "LOG_ANALYTICS, team4-txlookup-law-2dt026-test",
        "APPLICATION_INSIGHTS, team4-txlookup-ai-2dt026-test",
        "POSTGRES, team4-txlookup-pg-2dt026-test",
        "REGISTRY, team4txlookup2dt026test",
        "CONTAINER_ENVIRONMENT, team4-tx-caenv-2dt026-t",
        "API_APP, team4-tx-api-2dt026-t",
        "CONSUMER_APP, team4-tx-con-2dt026-t",
        "KEY_VAULT, team4-tx-kv-2dt026-t",
        "EVENT_HUBS, team4-txlookup-eh-2dt026-test",
        "RESOURCE_GROUP, team4-txlookup-rg-2dt026-test",
        "IDENTITY, team4-txlookup-id-2dt026-test",
        "MIGRATE_JOB, team4-tx-mig-2dt026-t",
        "BACKFILL_JOB, team4-tx-bf-2dt026-t",
        "WITHIN_JOB, team4-tx-in-2dt026-t",
        "EXPORT_JOB, team4-tx-exp-2dt026-t"
    })
    void namesAreThoseOfThePolicysWorkedExamples(ResourceKind kind, String name) {
        assertThat(WORKED_EXAMPLE.of(kind)).isEqualTo(name);
        assertThat(WORKED_EXAMPLE.parse(name)).contains(new ParsedName(kind, "2dt026", "test"));
    }

    @Test
    void consumerGroupTellsEnvironmentOwnerAndGeneration() {
        assertThat(WORKED_EXAMPLE.consumerGroup(new GenerationNumber(1))).isEqualTo("bo-sync-test-2dt026-v1");
        assertThat(WORKED_EXAMPLE.consumerGroup(GenerationNumber.parse("20261121010733")))
                .isEqualTo("bo-sync-test-2dt026-v20261121010733");
    }

    @Test
    void tagsAreThoseOfThePolicyInOrder() {
        assertThat(WORKED_EXAMPLE.tags())
                .containsExactly(
                        Map.entry("env", "test"),
                        Map.entry("owner", "2dt026"),
                        Map.entry("project", "txlookup"),
                        Map.entry("ttl", "2026-12-31"));
    }

    @Test
    void workedExampleHasNoProblems() {
        assertThat(WORKED_EXAMPLE.problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void ownerThatIsTooLongForAKindIsRefusedAndOneLetterLessIsNot(ResourceKind kind) {
        int longest = 1;
        while (problemOf(kind, "o".repeat(longest + 1)).isEmpty()) {
            longest++;
            assertThat(longest).isLessThan(300);
        }
        String owner = "o".repeat(longest + 1);

        assertThat(problemOf(kind, "o".repeat(longest))).isEmpty();
        assertThat(problemOf(kind, owner).orElseThrow().line())
                .contains(kind.name(), owner, kind.wanted(), "naming.owner");
        assertThatThrownBy(() -> new Names(naming(owner, "test")).of(kind))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining(owner);
    }

    @ParameterizedTest
    @CsvSource({"KEY_VAULT, 10", "CONTAINER_ENVIRONMENT, 15", "API_APP, 17", "EVENT_HUBS, 27", "REGISTRY, 33"})
    void longestOwnerOfAKindIsWhatAzuresLimitLeaves(ResourceKind kind, int longest) {
        assertThat(problemOf(kind, "o".repeat(longest))).isEmpty();
        assertThat(problemOf(kind, "o".repeat(longest + 1))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Kim", "kim-lee", "", " ", "kim_lee", "k\u0131m", "\uae40", "kim\n", "kim/..", "\u0661"})
    void hostileOwnerIsRefusedByName(String owner) {
        Names names = new Names(naming(owner, "test"));

        assertThat(names.problems()).extracting(ProfileProblem::field).containsExactly("naming.owner");
        for (ResourceKind kind : ResourceKind.values()) {
            assertThatThrownBy(() -> names.of(kind)).isInstanceOf(ProfileException.class);
        }
    }

    @Test
    void everyPartOfTheNamingIsJudged() {
        assertThat(new Names(new Naming("T", "P", "S", "O", "E", "X", Optional.empty())).problems())
                .extracting(ProfileProblem::field)
                .containsExactly(
                        "naming.team",
                        "naming.project",
                        "naming.short",
                        "naming.owner",
                        "naming.env",
                        "naming.envShort");
    }

    @Test
    void teamThatBeginsWithADigitIsRefusedWhereAzureWantsALetter() {
        Names names = new Names(new Naming("4", "p", "s", "owner", "env", "e", Optional.empty()));

        assertThat(names.problems())
                .hasSameSizeAs(Arrays.stream(ResourceKind.values())
                        .filter(kind -> kind.wanted().contains("beginning with a letter"))
                        .toList());
        assertThat(names.of(ResourceKind.POSTGRES)).isEqualTo("4-p-pg-owner-env");
    }

    @Test
    void loaderReportsTheNamesWithEverythingElse(@TempDir Path folder) {
        LoadedProfiles loading = new LoadedProfiles(folder);

        assertThat(loading.refusal(
                        "cloud-test", LoadedProfiles.cloudFlags("owner", "elevenchars", "api.auth.mode", "disabled")))
                .extracting(ProfileProblem::field)
                .containsExactlyInAnyOrder("naming", "api.auth.mode");
        assertThat(loading.local("owner", "o".repeat(100)).naming().owner()).hasSize(100);
    }

    private static Optional<ProfileProblem> problemOf(ResourceKind kind, String owner) {
        return new Names(naming(owner, "test"))
                .problems().stream()
                        .filter(problem -> problem.seen().startsWith(kind.name() + " name"))
                        .findFirst();
    }

    private static Naming naming(String owner, String env) {
        return new Naming(
                "team4", "txlookup", "tx", owner, env, env.substring(0, 1), Optional.of(LocalDate.parse("2026-12-31")));
    }
}
