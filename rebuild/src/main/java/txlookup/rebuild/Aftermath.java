package txlookup.rebuild;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.generation.Generation.State;
import txlookup.apply.store.generation.GenerationRegistry;
import txlookup.rebuild.evidence.Decision;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.evidence.EvidenceChain;
import txlookup.rebuild.evidence.EvidenceTable;
import txlookup.rebuild.evidence.Journal;
import txlookup.rebuild.evidence.RebuildBundle;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.serving.LiveGenerations;
import txlookup.rebuild.steps.Step;
import txlookup.rebuild.steps.StepFailure;

/** What a decided rebuild leaves behind: its evidence, the copy of it in the store, and the state FAILED of a NO_GO. */
final class Aftermath {
    private static final Logger log = LoggerFactory.getLogger(Aftermath.class);

    private final Platform platform;
    private final Path evidenceFolder;
    private final boolean hasStore;

    /** @param steps how many held; there is a store from the second on */
    Aftermath(Platform platform, Path evidenceFolder, int steps) {
        this.platform = platform;
        this.evidenceFolder = evidenceFolder;
        this.hasStore = steps >= Step.SECRETS.number();
    }

    void keep(Evidence evidence, RebuildBundle bundle) throws IOException {
        evidence.write(evidenceFolder);
        EvidenceChain chain = new EvidenceChain(evidenceFolder);
        chain.append(Long.toString(evidence.generation()), bundle.of(evidence));
        copy(chain, evidence.generation());
    }

    private void reject() throws InterruptedException {
        try {
            platform.reject();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            StepFailure.stopIfInterrupted(e);
            log.warn("The lookup API that was not accepted could not be stopped: {}", e.getMessage());
        }
    }

    /** The console reads the store; the folder has the evidence in any case, and the next rebuild copies what is missing. */
    private void copy(EvidenceChain chain, long generation) throws IOException {
        if (!hasStore) {
            log.warn(
                    "The evidence of generation {} is in {} alone: there was no store yet; the next rebuild copies it",
                    generation,
                    evidenceFolder);
            return;
        }
        try {
            new EvidenceTable(platform.control()).copy(chain);
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The evidence of generation {} is in {} alone, the next rebuild copies it; the store could not take it: {}",
                    generation,
                    evidenceFolder,
                    e.getMessage());
        }
    }

    /** The registry says FAILED as far as there is a registry; the evidence says it in any case. */
    void failed(Journal journal, Decision decision) throws InterruptedException {
        reject();
        if (!hasStore) {
            return;
        }
        try {
            GenerationRegistry registry = new GenerationRegistry(platform.control());
            Optional<Serving> serving = new LiveGenerations(platform.control()).serving();
            if (serving.isEmpty() || registry.find(journal.generation()).isEmpty()) {
                return;
            }
            if (serving.get().isInUse(journal.generation())) {
                log.warn("Generation {} stays in use though this run of its rebuild failed", journal.generation());
                return;
            }
            registry.moveTo(journal.generation(), State.FAILED, decision.cause() + ": " + decision.reason());
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "The registry could not record that generation {} failed: {}",
                    journal.generation(),
                    e.getMessage());
        }
    }
}
