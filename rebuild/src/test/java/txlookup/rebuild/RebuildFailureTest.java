package txlookup.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.backfill.pipeline.BackfillProgress;
import txlookup.consumer.poll.OlderClientWantedException;
import txlookup.profiles.ProfileLoader;
import txlookup.rebuild.evidence.Bundle;
import txlookup.rebuild.evidence.Decision;
import txlookup.rebuild.evidence.Entry;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Step;
import txlookup.rebuild.steps.StepFailure;
import txlookup.rebuild.steps.SwitchWhen;

/** How a rebuild ends that does not get as far as a store. */
class RebuildFailureTest {
    @TempDir
    Path folder;

    private final FakePlatform platform = new FakePlatform();
    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T01:07:33.5Z");
    private Path journal;

    @BeforeEach
    void nameTheJournal() {
        journal = folder.resolve("rebuild.json");
    }

    @Test
    void anEnvironmentThatCannotBeMadeIsANoGoThatSaysWhy() throws Exception {
        platform.create = () -> {
            throw new IOException("port 15432 is taken");
        };

        Evidence evidence = run();

        Decision decision = evidence.decision();
        assertThat(decision.verdict()).isEqualTo("NO_GO");
        assertThat(decision.cause()).isEqualTo(FailureCause.ENVIRONMENT_BLOCKED);
        assertThat(decision.reason()).isEqualTo("step 1, create the resources: port 15432 is taken");
        assertThat(decision.owner()).isEqualTo("somebody");
        assertThat(decision.retryAfter()).isEqualTo(now.plus(Duration.ofMinutes(10)));
        assertThat(decision.unblock()).isNotBlank();
        assertThat(evidence.steps()).isEmpty();
        assertThat(evidence.consumerGroup()).endsWith("-v20261121010733");
        assertThat(Journal.read(journal)).contains(new Journal(20261121010733L, evidence.cutover(), "NO_GO"));
        assertThat(Files.readString(folder.resolve("evidence/20261121010733/rebuild.md")))
                .contains("**ENVIRONMENT_BLOCKED**", "port 15432 is taken", "Owner somebody");
        assertThat(folder.resolve("evidence/20261121010733/rebuild.json")).isRegularFile();
        assertThat(told).containsExactly("begins 20261121010733", "CREATE");
        assertThat(platform.rejected).isEqualTo(1);
    }

    @Test
    void theBundleOfANoGoHoldsWhatThereWasAndFollowsTheOneBefore() throws Exception {
        platform.create = () -> {
            throw new IOException("blocked");
        };
        run();
        now = now.plus(Duration.ofMinutes(10));
        run();

        EvidenceChain chain = new EvidenceChain(folder.resolve("evidence"));
        assertThat(chain.verify()).isEmpty();
        assertThat(chain.list())
                .extracting(EvidenceChain.Listed::name)
                .containsExactly("20261121010733", "20261121011733");
        Bundle bundle = chain.list().get(0).bundle();
        assertThat(bundle.verdict()).isEqualTo("NO_GO");
        assertThat(bundle.entries())
                .extracting(Entry::kind)
                .containsExactly("inputs", "build", "generation", "decision", "end");
        assertThat(bundle.markdown()).contains("- cause: ENVIRONMENT_BLOCKED", "- cutover: 2026-11-21T01:07:33Z");
    }

    @Test
    void theAttemptAfterANoGoIsANewGenerationWithANewCutover() throws Exception {
        platform.create = () -> {
            throw new IOException("blocked");
        };
        Evidence first = run();
        now = now.plus(Duration.ofMinutes(10));

        Evidence second = run();

        assertThat(second.generation()).isGreaterThan(first.generation());
        assertThat(second.cutover()).isEqualTo(first.cutover().plus(Duration.ofMinutes(10)));
        assertThat(folder.resolve("evidence")).isDirectoryContaining("glob:**/20261121010733");
        assertThat(folder.resolve("evidence")).isDirectoryContaining("glob:**/20261121011733");
        assertThat(told).contains("begins 20261121011733");
    }

    /** The launcher starts the same command on that client, which has to find the generation that was begun. */
    @Test
    void aBrokerThatWantsTheOlderClientIsNoVerdictAndTheNextRunContinuesTheGeneration() throws Exception {
        platform.secrets = () -> {
            throw new OlderClientWantedException("closes connections");
        };

        assertThatExceptionOfType(OlderClientWantedException.class).isThrownBy(this::run);

        assertThat(Journal.read(journal))
                .hasValueSatisfying(open -> assertThat(open.isOpen()).isTrue());
        assertThat(folder.resolve("evidence")).doesNotExist();
        assertThat(platform.rejected).isZero();
        now = now.plus(Duration.ofMinutes(10));
        platform.secrets = () -> {
            throw new IOException("blocked");
        };
        assertThat(run().generation()).isEqualTo(20261121010733L);
    }

    @Test
    void theAttemptAfterANoGoIsANewGenerationEvenWithinTheSameSecond() throws Exception {
        platform.create = () -> {
            throw new IOException("blocked");
        };

        assertThat(run().generation()).isNotEqualTo(run().generation());
    }

    @Test
    void aStepThatFailsKeepsWhatTheStepsBeforeItDid() throws Exception {
        platform.secrets = () -> {
            throw new IllegalStateException("the vault answers 403");
        };

        Evidence evidence = run();

        assertThat(evidence.decision().cause()).isEqualTo(FailureCause.ENVIRONMENT_BLOCKED);
        assertThat(evidence.decision().reason()).contains("step 2", "the vault answers 403");
        assertThat(evidence.steps())
                .extracting(Evidence.StepRecord::step, Evidence.StepRecord::detail)
                .containsExactly(tuple(Step.CREATE, "created"));
    }

    @Test
    void aFailureIsCalledAfterTheStepThatFailed() throws Exception {
        Evidence evidence = run();

        assertThat(evidence.decision().cause()).isEqualTo(FailureCause.MIGRATION_FAILED);
        assertThat(evidence.decision().reason()).contains("step 3", "no store here");
        assertThat(told)
                .containsExactly(
                        "begins 20261121010733", "CREATE", "CREATE held", "SECRETS", "SECRETS held", "MIGRATE");
    }

    @Test
    void aStepThatNamesItsOwnCauseAndCureIsTakenAtItsWord() throws Exception {
        platform.secrets = () -> {
            throw new StepFailure(FailureCause.SYNC_FAILED, "the consumer ended", "read its log", null);
        };

        Decision decision = run().decision();

        assertThat(decision.cause()).isEqualTo(FailureCause.SYNC_FAILED);
        assertThat(decision.reason()).isEqualTo("the consumer ended");
        assertThat(decision.unblock()).isEqualTo("read its log");
    }

    @Test
    void anInterruptedRebuildDecidesNothingAndTheNextRunGoesOnWithIt() throws Exception {
        platform.secrets = () -> {
            throw new InterruptedException();
        };
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(this::run);
        assertThat(Journal.read(journal))
                .hasValueSatisfying(open -> assertThat(open.isOpen()).isTrue());
        assertThat(folder.resolve("evidence")).doesNotExist();

        now = now.plus(Duration.ofHours(1));
        platform.secrets = () -> "injected";
        Evidence evidence = run();

        assertThat(evidence.generation()).isEqualTo(20261121010733L);
        assertThat(evidence.cutover()).isEqualTo(Instant.parse("2026-11-21T01:07:33Z"));
        assertThat(told).contains("goes on 20261121010733");
        assertThat(Journal.read(journal))
                .hasValueSatisfying(decided -> assertThat(decided.verdict()).isEqualTo("NO_GO"));
    }

    private Evidence run() throws IOException, InterruptedException {
        return new Rebuild(
                        new ProfileLoader(folder, Map.of()).load("local", Map.of("owner", "somebody")),
                        platform,
                        journal,
                        folder.resolve("evidence"),
                        new Listener(),
                        Clock.fixed(now, ZoneOffset.UTC),
                        SwitchWhen.WHEN_GO,
                        (store, candidate, serving) -> {
                            throw new AssertionError("nothing is compared before a GO");
                        })
                .run();
    }

    private final class Listener implements RebuildListener {
        @Override
        public void begins(Journal journal, boolean resumed) {
            told.add((resumed ? "goes on " : "begins ") + journal.generation());
        }

        @Override
        public void stepBegins(Step step) {
            told.add(step.name());
        }

        @Override
        public void stepEnds(Step step, Duration elapsed, String detail) {
            told.add(step + " held");
        }

        @Override
        public void gate(GateResult gate) {
            told.add(gate.gate());
        }

        @Override
        public BackfillProgress backfill() {
            throw new AssertionError("without a store nothing is loaded");
        }
    }
}
