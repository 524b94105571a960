package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.azure.destroy.policy.Sweep;
import txlookup.azure.destroy.policy.Target;
import txlookup.cli.options.ExitCode;

@Command(
        name = "sweep",
        description = {
            "Lists what is due in the whole project, of every owner; destroys nothing.",
            "With --extend it moves the ttl of this owner's and env's resources, and keeps an audit of it."
        })
final class EnvSweepCommand implements Callable<Integer> {
    @ParentCommand
    private EnvCommand env;

    @Mixin
    private SubscriptionOption where;

    @Option(names = "--extend", paramLabel = "YYYY-MM-DD", description = "The new ttl.")
    private LocalDate extend;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "")
    private String reason;

    @Option(
            names = "--within",
            paramLabel = "DAYS",
            defaultValue = "0",
            description = "Lists what will be due within so many days as well.")
    private int within;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Target target = where.target(env.profile().load());
        Sweep sweep = new Sweep(SubscriptionOption.open(where.arm(), target, new ArrayList<>()), target);
        PrintWriter out = spec.commandLine().getOut();
        if (extend == null) {
            List<Sweep.Due> due = sweep.due(LocalDate.now(ZoneOffset.UTC).plusDays(within));
            due.forEach(one -> out.println("%-12s %s/%s  %s"
                    .formatted(one.ttl().isEmpty() ? "no ttl" : one.ttl(), one.owner(), one.env(), one.id())));
            out.println("%d due".formatted(due.size()));
            return ExitCode.DONE;
        }
        Path audit = EnvCommand.EVIDENCE.resolve("ttl-audit.jsonl");
        List<Sweep.Extension> extensions =
                sweep.extend(extend, reason, System.getProperty("user.name"), Instant.now(), audit);
        extensions.forEach(
                one -> out.println("%s: %s -> %s, %s".formatted(one.id(), one.before(), one.after(), one.outcome())));
        out.println("%d extended; audit in %s".formatted(extensions.size(), audit));
        return extensions.stream().allMatch(one -> one.outcome().startsWith("HTTP 2"))
                ? ExitCode.DONE
                : ExitCode.FAILED;
    }
}
