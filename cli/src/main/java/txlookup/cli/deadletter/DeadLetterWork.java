package txlookup.cli.deadletter;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.deadletter.DeadLetterOrder;
import txlookup.apply.store.deadletter.DeadLetterRun;
import txlookup.apply.store.deadletter.DeadLetterRun.Action;
import txlookup.apply.store.deadletter.DeadLetterRuns;
import txlookup.apply.store.position.FencedException;
import txlookup.cli.options.ExitCode;

/** Waits for the end of an order about dead letters, in this process or another, and tells of it. */
final class DeadLetterWork {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final DeadLetterRuns runs;
    private final OrderRunner runner;
    private final String name;
    private final PrintWriter out;
    private Map<String, Integer> refusals = Map.of();

    /** @param actor who is named as the runner, with this process's number */
    DeadLetterWork(DeadLetterRuns runs, OrderRunner runner, String actor, PrintWriter out) {
        this.runs = runs;
        this.runner = runner;
        this.name = "%s, txlookup dlq, process %d"
                .formatted(actor, ProcessHandle.current().pid());
        this.out = out;
    }

    /** Orders it, and takes it at once where nothing is in its way. */
    DeadLetterRun begin(DeadLetterOrder order) throws SQLException {
        return runs.begin(order, name);
    }

    /** Carries the run out, or waits for who does; the exit code says what it came to. */
    int endOf(DeadLetterRun run) throws SQLException, InterruptedException {
        DeadLetterRun seen = run;
        say("Run %d%s: all that are open and match"
                .formatted(run.id(), run.order().dryRun() ? " (dry)" : ""));
        String waiting = "";
        Optional<DeadLetterRun> mine = name.equals(run.runner()) ? Optional.of(run) : Optional.empty();
        while (seen.endedAt() == null) {
            if (mine.isPresent()) {
                carryOut(mine.get());
            } else {
                String why = isHeld(seen) ? "%s works on it".formatted(seen.runner()) : "another replay is first";
                if (!why.equals(waiting)) {
                    say("  waits: " + why);
                    waiting = why;
                }
                Thread.sleep(LOOK_EVERY.toMillis());
            }
            mine = runs.take(run, name);
            seen = runs.find(run.id()).orElseThrow();
        }
        tell(seen);
        return seen.refused() == 0 && seen.failure() == null ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void carryOut(DeadLetterRun run) throws SQLException, InterruptedException {
        try {
            OrderRunner.Outcome outcome = runner.carryOut(run, done -> say("  %,d done".formatted(done)));
            refusals = outcome.refusals();
        } catch (FencedException e) {
            say("  " + e.getMessage());
        }
    }

    private static boolean isHeld(DeadLetterRun run) {
        return run.leasedUntil() != null && run.leasedUntil().isAfter(Instant.now());
    }

    private void tell(DeadLetterRun ended) {
        String verb = ended.order().dryRun() ? "would be" : "are";
        if (ended.order().action() == Action.DISCARD) {
            say("Run %d: %,d discarded".formatted(ended.id(), ended.discarded()));
        } else {
            say("%,d %s resolved, %,d superseded, %,d refused still%s"
                    .formatted(
                            ended.resolved(),
                            verb,
                            ended.superseded(),
                            ended.refused(),
                            refusals.isEmpty() ? "" : " " + refusals));
        }
        if (ended.failure() != null) {
            say("Run %d ended before all were done; the rest is open: %s".formatted(ended.id(), ended.failure()));
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    /** One run for a list. */
    static String line(DeadLetterRun run) {
        return "%d  %s  %s%s by %s: %,d resolved, %,d superseded, %,d refused, %,d discarded; %s"
                .formatted(
                        run.id(),
                        run.requestedAt(),
                        run.order().action(),
                        run.order().dryRun() ? " (dry)" : "",
                        run.order().actor(),
                        run.resolved(),
                        run.superseded(),
                        run.refused(),
                        run.discarded(),
                        stage(run));
    }

    private static String stage(DeadLetterRun run) {
        if (run.endedAt() != null) {
            return run.failure() == null ? "ended" : "failed: " + run.failure();
        }
        if (isHeld(run)) {
            return "%s works on it".formatted(run.runner());
        }
        return run.runner() == null ? "waits for a consumer" : "interrupted; %s is gone".formatted(run.runner());
    }
}
