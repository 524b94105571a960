package txlookup.azure.destroy;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmId;
import txlookup.azure.arm.Waiting;
import txlookup.azure.destroy.DestroyReport.Gone;
import txlookup.azure.destroy.DestroyReport.Outcome;
import txlookup.azure.inventory.Answer;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.inventory.DeletedName;
import txlookup.azure.inventory.Lock;
import txlookup.azure.inventory.Resource;
import txlookup.azure.inventory.Subscription;

/**
 * Executes a plan: exactly what it says, one resource after the other, each looked at anew immediately before its
 * request. It never asks for anything that the plan does not name, and stops at the first thing that is not as planned.
 */
public final class Destroyer {
    private static final String SAME_COMMAND =
            "run the same command again: it goes on where this run stopped, with the same plan and --confirm";

    private final Subscription subscription;
    private final RebuildProbe probe;
    private final Waiting waiting;
    private final Patience patience;
    private final Supplier<List<ArmCall>> calls;
    private final Consumer<String> told;

    /**
     * A destroyer on that subscription.
     *
     * @param calls every request so far, for the evidence
     * @param told gets a line for each thing that is done
     */
    public Destroyer(
            Subscription subscription,
            RebuildProbe probe,
            Waiting waiting,
            Patience patience,
            Supplier<List<ArmCall>> calls,
            Consumer<String> told) {
        this.subscription = subscription;
        this.probe = probe;
        this.waiting = waiting;
        this.patience = patience;
        this.calls = calls;
        this.told = told;
    }

    /** Executes it, or goes on with it. */
    public DestroyReport run(DestroyPlan plan, String sha256, DestroyJournal journal) throws InterruptedException {
        Instant started = waiting.now();
        Run run = new Run(plan, journal);
        List<RebuildProbe.Finding> findings = plan.retire() ? List.of() : probe.look();
        List<String> obstacles = plan.retire() ? List.of() : obstacles(plan, findings);
        Outcome outcome = Outcome.REFUSED;
        String why = String.join("; ", obstacles);
        String next = "remove the obstacles, or plan with --retire when the environment is not to be made again";
        if (obstacles.isEmpty()) {
            try {
                run.all();
                outcome = Outcome.DONE;
                why = "";
                next = "";
            } catch (DriftException e) {
                outcome = Outcome.DRIFT;
                why = e.getMessage();
                next = "make a new plan with txlookup env plan; what is gone stays gone";
            } catch (StoppedException | IOException e) {
                outcome = Outcome.INCOMPLETE;
                why = e.getMessage();
                next = SAME_COMMAND;
            }
        }
        List<String> left = outcome == Outcome.DONE ? List.of() : run.left(outcome != Outcome.REFUSED);
        return new DestroyReport(
                sha256,
                plan.target(),
                started,
                waiting.now(),
                outcome,
                run.gone,
                left,
                why,
                next,
                findings,
                calls.get());
    }

    private static List<String> obstacles(DestroyPlan plan, List<RebuildProbe.Finding> findings) {
        List<String> obstacles = new ArrayList<>();
        for (RebuildProbe.Finding finding : findings) {
            if (!finding.holds()) {
                obstacles.add("%s: %s; %s".formatted(finding.question(), finding.seen(), finding.unblock()));
            }
        }
        for (NameForecast name : plan.names()) {
            if (name.blocked()) {
                obstacles.add("the name %s will not be free: %s".formatted(name.name(), name.forecast()));
            }
        }
        return obstacles;
    }

    /** One execution. */
    private final class Run {
        private final DestroyPlan plan;
        private final DestroyJournal journal;
        private final Surroundings surroundings;
        private final List<Gone> gone = new ArrayList<>();

        Run(DestroyPlan plan, DestroyJournal journal) {
            this.plan = plan;
            this.journal = journal;
            this.surroundings = new Surroundings(plan, subscription, journal, waiting);
        }

        void all() throws IOException, InterruptedException, DriftException, StoppedException {
            for (SoftDeleted held : plan.softDeleted()) {
                if (held.purge()) {
                    purge(held.deleted().id(), held.deleted().tags(), 1);
                }
            }
            for (Verdict verdict : plan.destroyed()) {
                Resource resource = verdict.resource();
                if (!journal.isDone(resource.id())) {
                    destroy(resource.id());
                }
                if (AzureKind.KEY_VAULT.isOf(resource.id().type())) {
                    purge(resource.id(), resource.tags(), patience.looksForVault());
                }
            }
            for (Verdict verdict : plan.destroyed()) {
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
            for (Verdict verdict : plan.destroyed()) {
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
                last = follow(subject, earlier.get(), until);
            }
            while (true) {
                Surroundings.State state = surroundings.look(id);
                if (state == Surroundings.State.GONE) {
                    journal.done(subject);
                    gone.add(new Gone(id, waiting.now(), last.isEmpty() ? "gone" : last));
                    told.accept("gone      " + id);
                    return;
                }
                requireTime(id, until, last);
                if (state == Surroundings.State.UNSETTLED || last.equals(ENDED)) {
                    // The operation is over and Azure's answers lag; asking again is not due yet.
                    last = state == Surroundings.State.UNSETTLED ? last : "still there after the operation ended";
                    waiting.pause(patience.pause());
                    continue;
                }
                journal.asked(subject);
                told.accept("deleting  " + id);
                last = take(subject, id.toString(), subscription.delete(id), until);
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
                last = follow(subject, earlier.get(), until);
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
                last = take(subject, id + " (purge)", subscription.purge(held.get()), until);
                waiting.pause(patience.pause());
            }
            journal.done(subject);
        }

        private void requirePurgeable(DeletedName held, Map<String, String> tags)
                throws DriftException, StoppedException {
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

        /** What came of a request, in a few words; the next look decides what that means. */
        private String take(String subject, String what, Answer answer, Instant until)
                throws IOException, InterruptedException, StoppedException {
            if (answer instanceof Answer.Running running) {
                journal.running(subject, running.operation());
                waiting.pause(running.delay());
                return follow(subject, running.operation(), until);
            }
            if (answer instanceof Answer.Later later) {
                waiting.pause(later.delay());
                return later.why();
            }
            if (answer instanceof Answer.Unclear unclear) {
                waiting.pause(patience.pause());
                return unclear.why();
            }
            if (answer instanceof Answer.Refused refused) {
                throw new StoppedException("%s: %s%s".formatted(what, refused.why(), advice(refused.code())));
            }
            return ENDED;
        }

        /** Follows an operation to its end, whatever becomes of single answers. */
        private String follow(String subject, URI operation, Instant until)
                throws IOException, InterruptedException, StoppedException {
            while (waiting.now().isBefore(until)) {
                Answer answer = subscription.progress(operation);
                if (answer instanceof Answer.Running running) {
                    waiting.pause(running.delay());
                } else if (answer instanceof Answer.Later later) {
                    waiting.pause(later.delay());
                } else if (answer instanceof Answer.Unclear) {
                    waiting.pause(patience.pause());
                } else if (answer instanceof Answer.Refused refused) {
                    journal.settled(subject);
                    throw new StoppedException("%s: %s%s".formatted(subject, refused.why(), advice(refused.code())));
                } else {
                    // Ended, or forgotten by Azure in the middle (404): either way the resource itself is asked next.
                    journal.settled(subject);
                    return ENDED;
                }
            }
            throw new StoppedException("%s: the operation goes on after %s".formatted(subject, patience.resource()));
        }

        private void requireTime(ArmId id, Instant until, String last) throws StoppedException {
            if (!waiting.now().isBefore(until)) {
                throw new StoppedException("%s is there after %s%s"
                        .formatted(id, text(patience.resource()), last.isEmpty() ? "" : "; last: " + last));
            }
        }
    }

    private static final String ENDED = "the operation ended";

    private static String text(Duration duration) {
        return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    private static String advice(String code) {
        return switch (code) {
            case "ScopeLocked" -> "; a lock appeared: it is lifted by " + Lock.LIFTED_BY + ", never by this program";
            case "AuthorizationFailed" -> "; whoever is logged in may not delete here";
            case "DenyAssignmentAuthorizationFailed" -> "; a platform denies it, and it stays";
            default -> "";
        };
    }
}
