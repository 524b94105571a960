package txlookup.cli.view;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.blob.BlobFolder;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.kept.KeptEvidence;
import txlookup.azure.kept.RunFollower;
import txlookup.azure.kept.RunLog;
import txlookup.azure.recreate.WithinJob;
import txlookup.cli.options.ExitCode;
import txlookup.rebuild.platform.HeldByAnotherException;

/** A run within an environment, as it is followed from outside. Ctrl-C ends the following and not the run. */
public final class FollowedRun {
    private final WithinJob job;
    private final BlobFolder evidence;
    private final Path folder;
    private final PrintWriter out;

    /** @param folder gets the environment's evidence */
    public FollowedRun(ArmClient client, Target target, BlobFolder evidence, Path folder, PrintWriter out) {
        this.job = new WithinJob(client, target, Sleeper.real());
        this.evidence = evidence;
        this.folder = folder;
        this.out = out;
    }

    public WithinJob job() {
        return job;
    }

    /**
     * The run that does just this already; empty where nothing runs.
     *
     * @param image digest of the image
     * @param profile digest of the profile
     * @param command what the program is told after its profile
     * @throws HeldByAnotherException when something else runs
     */
    public Optional<String> joined(String image, String profile, List<String> command)
            throws IOException, InterruptedException {
        Optional<WithinJob.Run> running = running();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        WithinJob.Run other = running.get();
        if (!other.does(image, profile, command)) {
            throw new HeldByAnotherException(
                    "%s works within this environment on something else: %s, image %s; nothing was changed; follow it with txlookup env follow, or let it end"
                            .formatted(other.execution(), String.join(" ", other.command()), other.image()));
        }
        tell("joining %s, which does the same".formatted(other.execution()));
        return Optional.of(other.execution());
    }

    /** What runs now. Azure's list shows a new execution late, so the newest that was begun is asked for by its name. */
    public Optional<WithinJob.Run> running() throws IOException, InterruptedException {
        Optional<WithinJob.Run> listed = job.running();
        Optional<String> begun = RunLog.newest(evidence);
        return listed.isPresent() || begun.isEmpty() ? listed : job.running(begun.get());
    }

    /** What runs now, else what ran last; empty where nothing ran yet. */
    public Optional<String> newest() throws IOException, InterruptedException {
        Optional<String> running = running().map(WithinJob.Run::execution);
        return running.isPresent() ? running : RunLog.newest(evidence);
    }

    /**
     * Starts what the job was given.
     *
     * @param command the same, for the record: it is written from here, so that the next command finds this run before
     *     its container is up
     */
    public String start(List<String> command) throws IOException, InterruptedException {
        String execution = job.start();
        tell("started %s within the environment".formatted(execution));
        new RunLog(evidence, execution).begin(new RunLog.Begun(Instant.now(), command));
        return execution;
    }

    /** Shows it until it ends, brings its evidence here, and answers its exit code. */
    public int follow(String execution) throws IOException, InterruptedException {
        Thread leaving = new Thread(
                () -> tell(
                        "%n%s goes on within the environment; follow it again with txlookup env follow, with the same --profile, --owner, --env and --subscription"
                                .formatted(execution)),
                "leaving");
        Runtime.getRuntime().addShutdownHook(leaving);
        OptionalInt code = new RunFollower(job, new RunLog(evidence, execution), execution, Sleeper.real())
                .toTheEnd(this::tell, state -> tell("%s ended as %s".formatted(execution, state)));
        Runtime.getRuntime().removeShutdownHook(leaving);
        new KeptEvidence(evidence, folder).fetch();
        tell("the environment's evidence is in " + folder);
        if (code.isEmpty()) {
            tell(
                    "it ended before it could say how: it was stopped, or ran out of memory; its console log in the workspace says more. The same command resumes");
            return ExitCode.NOT_JUDGED;
        }
        return code.getAsInt() < 0 || code.getAsInt() > ExitCode.UNREACHABLE ? ExitCode.FAILED : code.getAsInt();
    }

    private void tell(String line) {
        out.println(line);
        out.flush();
    }
}
