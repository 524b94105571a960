package txlookup.cli.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.cli.generation.WaitingActs;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.LauncherCommand;
import txlookup.cli.options.Program;
import txlookup.cli.rebuild.RebuildConsole;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.local.Demo;
import txlookup.rebuild.local.DemoSize;
import txlookup.rebuild.local.LocalEnvironment;
import txlookup.traffic.Payments;

@Command(
        name = "demo",
        description = {
            "The main job on this machine: an empty environment, the seven steps, live traffic, GO or NO_GO.",
            "Afterwards everything stays up under light traffic until Ctrl-C. The next run resumes a killed demo;",
            "after a verdict it starts again from nothing."
        },
        footer = {"", "Example:", "  txlookup demo --exit"})
public final class DemoCommand implements Callable<Integer> {
    private static final List<String> NEXT = List.of(
            "Try next, in another terminal:",
            "  ./txlookup rebuild --switch never              makes another generation beside this traffic: steps, gates, READY",
            "  ./txlookup generation list                     shows both; the ACTIVE generation answers the lookups",
            "  ./txlookup generation switch N --reason TEXT   answers by the new one in under a second; the old one is DRAINING",
            "  ./txlookup generation rollback --reason TEXT   answers by the old one again");

    private static final long LOOK_EVERY_MILLIS = 2_000;

    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--exit", description = "Stop everything after the verdict; the exit code is 0 for GO.")
    private boolean exit;

    @Option(
            names = "--payments",
            defaultValue = "100000",
            description = "Payments in the extract. Default: ${DEFAULT-VALUE}")
    private long payments;

    @Option(names = "--events", defaultValue = "60000", description = "Live events. Default: ${DEFAULT-VALUE}")
    private long events;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        DemoSize size = new DemoSize(1, payments, events / 4);
        AtomicBoolean stopping = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        try (LocalEnvironment environment = new LocalEnvironment(profile, LauncherCommand.command(main.profile()))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(stopping, worker, ended), "stop-demo"));
            environment.beginDemo();
            return run(profile, environment, size, stopping);
        } finally {
            ended.countDown();
        }
    }

    private int run(Profile profile, LocalEnvironment environment, DemoSize size, AtomicBoolean stopping)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        RebuildConsole console = new RebuildConsole(out);
        try (Demo demo = new Demo(environment, profile, System.getenv(), size)) {
            Evidence evidence = RebuildRunner.run(profile, demo, environment, console);
            if (exit || RebuildConsole.code(evidence) != ExitCode.DONE) {
                return RebuildConsole.code(evidence);
            }
            console.print("Look up a payment, for instance %s/admin/tx/%s"
                    .formatted(demo.startApi(), Payments.paymentTxId(42)));
            NEXT.forEach(console::print);
            console.print("Live traffic continues; Ctrl-C stops everything, the data stays.");
            environment.letOthersRebuild();
            Thread operator = operator(profile, console);
            demo.trickle(stopping::get);
            operator.interrupt();
            Thread.interrupted(); // the signal did what it was to do
            return ExitCode.DONE;
        } catch (InterruptedException e) {
            console.print("Stopped half way; the next txlookup demo resumes here.");
            return ExitCode.NOT_JUDGED;
        } finally {
            // The signal that ended the demo must not end the stopping as well.
            Thread.interrupted();
            stop(environment, console);
        }
    }

    /** Carries out what is ordered in the console, as an operator's process does elsewhere. */
    private Thread operator(Profile profile, RebuildConsole console) {
        WaitingActs acts = new WaitingActs(
                profile, main.profile().secrets(profile), LauncherCommand.command(main.profile()), null, console.out());
        Thread operator = new Thread(
                () -> {
                    try {
                        while (true) {
                            Thread.sleep(LOOK_EVERY_MILLIS);
                            take(acts, console);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // the demo ends; the act is continued by the next one
                    }
                },
                "operator");
        operator.setDaemon(true);
        operator.start();
        return operator;
    }

    private static void take(WaitingActs acts, RebuildConsole console) throws InterruptedException {
        try {
            acts.takeAll();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            console.print("an act has to wait: " + e.getMessage());
        }
    }

    private static void stop(LocalEnvironment environment, RebuildConsole console) throws IOException {
        try {
            environment.takeBack();
        } catch (LocalEnvironmentException e) {
            console.print("Everything stays up: %s. Then txlookup down stops it.".formatted(e.getMessage()));
            return;
        }
        environment.stop();
        console.print("Stopped.");
    }

    private static void stopOnSignal(AtomicBoolean stopping, Thread worker, CountDownLatch ended) {
        stopping.set(true);
        if (ended.getCount() > 0) {
            worker.interrupt();
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
