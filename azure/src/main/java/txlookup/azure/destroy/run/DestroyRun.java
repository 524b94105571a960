package txlookup.azure.destroy.run;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.SoftDeleted;
import txlookup.azure.destroy.policy.Reason;
import txlookup.azure.destroy.policy.ResourceVerdict;
import txlookup.azure.destroy.run.DestroyReport.Gone;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.AzureSubscription;
import txlookup.azure.inventory.DeletedName;
import txlookup.azure.inventory.Resource;

/**
 * One execution of a plan: exactly what it says, one resource after the other, each looked at anew immediately before its
 * request. It never asks for anything that the plan does not name, and stops at the first thing that is not as planned.
 */
final class DestroyRun {
    private final DestroyPlan plan;
    private final DestroyJournal journal;
    private final AzureSubscription subscription;
    private final Sleeper waiting;
    private final Patience patience;
    private final Consumer<String> told;
    private final PlanContext surroundings;
    private final OperationPoller operations;
    private final List<Gone> gone = new ArrayList<>();

    /** @param told gets a line for each thing that is done */
    DestroyRun(
            DestroyPlan plan,
            DestroyJournal journal,
            AzureSubscription subscription,
            Sleeper waiting,
            Patience patience,
            Consumer<String> told) {
        this.plan = plan;
        this.journal = journal;
        this.subscription = subscription;
        this.waiting = waiting;
        this.patience = patience;
        this.told = told;
        this.surroundings = new PlanContext(plan, subscription, journal, waiting);
        this.operations = new OperationPoller(subscription, journal, waiting, patience);
    }

    /** What is gone, in this order. */
    List<Gone> gone() {
        return List.copyOf(gone);
    }

    void all() throws IOException, InterruptedException, DriftException, StoppedException {
        for (SoftDeleted held : plan.softDeleted()) {
            if (held.purge()) {
                purge(held.deleted().id(), held.deleted().tags(), 1);
            }
        }
        for (ResourceVerdict verdict : plan.destroyed()) {
            Resource resource = verdict.resource();
            if (!journal.isDone(resource.id())) {
                destroy(resource.id());
            }
            if (AzureKind.KEY_VAULT.isOf(resource.id().type())) {
                purge(resource.id(), resource.tags(), patience.looksForVault());
            }
        }
        for (ResourceVerdict verdict : plan.destroyed()) {
            ArmId id = verdict.resource().id();
            if (!surroundings.isGone(id)) {
                throw new DriftException(
                        "%s is there again after it was destroyed; it may be someone's new one".formatted(id));
            }
        }
    }

    /** What is there still, asked once more where that makes sense: an operation may have ended meanwhile. */
    List<String> left(boolean ask) throws InterruptedException {
        List<String> left = new ArrayList<>();
        for (ResourceVerdict verdict : plan.destroyed()) {
            ArmId id = verdict.resource().id();
            if (!journal.isDone(id)) {
                try {
                    if (!ask || !surroundings.isGone(id)) {
                        left.add(id.toString());
                    }
                } catch (IOException e) {
                    left.add("%s (not known: %s)".formatted(id, e.getMessage()));
                }
            }
            if (AzureKind.KEY_VAULT.isOf(id.type()) && !journal.isDone(DestroyJournal.purgeOf(id))) {
                left.add("the name of the deleted vault %s, not purged".formatted(id));
            }
        }
        for (SoftDeleted held : plan.softDeleted()) {
            if (held.purge()
                    && !journal.isDone(DestroyJournal.purgeOf(held.deleted().id()))) {
                left.add("the name of the deleted vault %s, not purged"
                        .formatted(held.deleted().id()));
            }
        }
        return left;
    }

    private void destroy(ArmId id) throws IOException, InterruptedException, DriftException, StoppedException {
        String subject = DestroyJournal.subject(id);
        Instant until = waiting.now().plus(patience.resource());
        String last = "";
        Optional<URI> earlier = journal.operation(subject);
        if (earlier.isPresent()) {
            last = operations.follow(subject, earlier.get(), until);
        }
        while (true) {
            PlanContext.State state = surroundings.look(id);
            if (state == PlanContext.State.GONE) {
                journal.done(subject);
                gone.add(new Gone(id, waiting.now(), last.isEmpty() ? "gone" : last));
                told.accept("gone      " + id);
                return;
            }
            requireTime(id, until, last);
            if (state == PlanContext.State.UNSETTLED || last.equals(OperationPoller.ENDED)) {
                // The operation is over and Azure's answers lag; asking again is not due yet.
                last = state == PlanContext.State.UNSETTLED ? last : "still there after the operation ended";
                waiting.pause(patience.pause());
                continue;
            }
            journal.asked(subject);
            told.accept("deleting  " + id);
            last = operations.take(subject, id.toString(), subscription.delete(id), until);
        }
    }

    private void purge(ArmId id, Map<String, String> tags, int looks)
            throws IOException, InterruptedException, StoppedException, DriftException {
        String subject = DestroyJournal.purgeOf(id);
        if (journal.isDone(subject)) {
            return;
        }
        Instant until = waiting.now().plus(patience.resource());
        String last = "";
        Optional<URI> earlier = journal.operation(subject);
        if (earlier.isPresent()) {
            last = operations.follow(subject, earlier.get(), until);
        }
        boolean seen = false;
        int absent = 0;
        while (absent < (seen || !last.isEmpty() ? 2 : looks)) {
            Optional<DeletedName> held = subscription.read().deleted().stream()
                    .filter(deleted -> deleted.id().equals(id))
                    .findFirst();
            requireTime(id, until, last);
            if (held.isEmpty()) {
                absent++;
                waiting.pause(patience.pause());
                continue;
            }
            absent = 0;
            seen = true;
            if (held.get().purgeProtected() && plan.retire()) {
                told.accept("held      %s until %s".formatted(id, held.get().purgeAt()));
                break;
            }
            requirePurgeable(held.get(), tags);
            journal.asked(subject);
            told.accept("purging   " + id);
            last = operations.take(subject, id + " (purge)", subscription.purge(held.get()), until);
            waiting.pause(patience.pause());
        }
        journal.done(subject);
    }

    private void requirePurgeable(DeletedName held, Map<String, String> tags) throws DriftException, StoppedException {
        List<Reason> reasons = surroundings.policy().againstPurging(held.id(), held.tags(), surroundings.today());
        if (!reasons.isEmpty() || !held.tags().equals(tags)) {
            throw new DriftException("the deleted vault %s is not as it was planned: tags %s; %s"
                    .formatted(held.id(), held.tags(), reasons));
        }
        if (held.purgeProtected()) {
            throw new StoppedException("the deleted vault %s cannot be purged before %s (purge protection)"
                    .formatted(held.id(), held.purgeAt()));
        }
    }

    private void requireTime(ArmId id, Instant until, String last) throws StoppedException {
        if (!waiting.now().isBefore(until)) {
            throw new StoppedException("%s is there after %s%s"
                    .formatted(id, inWords(patience.resource()), last.isEmpty() ? "" : "; last: " + last));
        }
    }

    private static String inWords(Duration duration) {
        return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
