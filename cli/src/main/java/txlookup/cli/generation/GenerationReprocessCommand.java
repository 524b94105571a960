package txlookup.cli.generation;

import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Reprocess;
import txlookup.apply.generation.Reprocess.Move;
import txlookup.apply.generation.Reprocess.Position;
import txlookup.apply.store.generation.PartitionAnchor;
import txlookup.cli.options.BrokerLogin;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationConverter;
import txlookup.consumer.cutover.CutoverOffsets;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.SecretSource;
import txlookup.proof.completeness.CommittedRecords;
import txlookup.proof.log.CommittedLog;

@Command(
        name = "reprocess",
        description = {
            "Lets the consumer of a generation that does not serve read the log again from an instant on. Stop that consumer",
            "first, and start it afterwards. Nothing is lost by it: the newest snapshot of a key stays the newest.",
            "Exit code 0 done, 2 refused: the line says why, and nothing was changed."
        },
        footer = {
            "",
            "Example:",
            "  txlookup generation reprocess 20261128010824 --from 2026-11-27T22:00:00Z --reason 'profile was wrong'"
        })
final class GenerationReprocessCommand implements Callable<Integer> {
    @ParentCommand
    private GenerationCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ActOptions options;

    @Parameters(paramLabel = "NUMBER", converter = GenerationConverter.class, description = "The generation.")
    private GenerationNumber generation;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "INSTANT",
            description = "Read records again from this time on, such as 2026-02-05T01:00:00Z.")
    private Instant from;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    private String reason;

    @Override
    public Integer call() throws Exception {
        Profile profile = parent.main().profile().load();
        SecretSource secrets = parent.main().profile().secrets(profile);
        try (Connection connection = ActOptions.asItsLogin(profile, secrets)) {
            Reprocess reprocess = new Reprocess(connection);
            List<Move> moves = moves(profile, secrets, reprocess.positions(generation.value()));
            if (moves.isEmpty()) {
                spec.commandLine().getOut().println("nothing was applied since " + from);
                return ExitCode.DONE;
            }
            spec.commandLine()
                    .getOut()
                    .println(reprocess
                            .move(generation.value(), moves, from, options.order(reason))
                            .detail());
            return ExitCode.DONE;
        } catch (RefusedActException e) {
            spec.commandLine().getErr().println("txlookup generation reprocess: refused: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }

    /** Only those partitions of which something was applied since then. */
    private List<Move> moves(Profile profile, SecretSource secrets, List<Position> positions) {
        Map<String, Long> since;
        try (CutoverOffsets log =
                new CutoverOffsets(BrokerLogin.added(profile.messaging().adminProperties(), profile, secrets))) {
            since = log.since(List.of(profile.ledgerTopic(), profile.paymentOrderTopic()), from).stream()
                    .collect(Collectors.toMap(
                            anchor -> name(anchor.topic(), anchor.partition()), PartitionAnchor::startOffset));
        }
        CommittedRecords committed =
                new CommittedLog(BrokerLogin.added(profile.messaging().consumerProperties(), profile, secrets));
        List<Move> moves = new ArrayList<>();
        for (Position position : positions) {
            long to = since.getOrDefault(name(position.topic(), position.partition()), position.next());
            if (to < position.next()) {
                long twice = Math.max(to, position.start());
                moves.add(new Move(
                        position, to, committed.count(position.topic(), position.partition(), twice, position.next())));
            }
        }
        return moves;
    }

    private static String name(String topic, int partition) {
        return topic + "-" + partition;
    }
}
