package txlookup.azure.destroy.run;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.plan.DestroyPlan;
import txlookup.azure.destroy.plan.NameForecast;
import txlookup.azure.destroy.plan.RebuildProbe;
import txlookup.azure.destroy.run.DestroyReport.Outcome;
import txlookup.azure.inventory.AzureSubscription;

/**
 * Executes a plan, once the way back is sure, and reports what became of it.
 */
public final class Destroyer {
    private static final String SAME_COMMAND =
            "run the same command again, with the same plan and --confirm: it resumes where this run stopped";

    private final AzureSubscription subscription;
    private final RebuildProbe probe;
    private final Sleeper waiting;
    private final Patience patience;
    private final Supplier<List<ArmCall>> calls;
    private final Consumer<String> told;
    private final LastLook lastLook;

    /** What has to be done before the first deletion. */
    @FunctionalInterface
    public interface LastLook {
        /** Why nothing may be deleted; empty when it may. */
        Optional<String> obstacle() throws IOException, InterruptedException;
    }

    /** As the other, without a last look. */
    public Destroyer(
            AzureSubscription subscription,
            RebuildProbe probe,
            Sleeper waiting,
            Patience patience,
            Supplier<List<ArmCall>> calls,
            Consumer<String> told) {
        this(subscription, probe, waiting, patience, calls, told, Optional::empty);
    }

    /**
     * A destroyer on that subscription.
     *
     * @param calls every request so far, for the evidence
     * @param told gets a line for each thing that is done
     * @param lastLook is taken when nothing else is in the way
     */
    public Destroyer(
            AzureSubscription subscription,
            RebuildProbe probe,
            Sleeper waiting,
            Patience patience,
            Supplier<List<ArmCall>> calls,
            Consumer<String> told,
            LastLook lastLook) {
        this.lastLook = lastLook;
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
        DestroyRun run = new DestroyRun(plan, journal, subscription, waiting, patience, told);
        List<RebuildProbe.Finding> findings = plan.retire() ? List.of() : probe.look();
        List<String> obstacles = new ArrayList<>(plan.retire() ? List.of() : obstacles(plan, findings));
        Outcome outcome = Outcome.REFUSED;
        if (obstacles.isEmpty()) {
            lastLook().ifPresent(obstacles::add);
        }
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
                run.gone(),
                left,
                why,
                next,
                findings,
                calls.get());
    }

    private Optional<String> lastLook() throws InterruptedException {
        try {
            return lastLook.obstacle();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
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
}
