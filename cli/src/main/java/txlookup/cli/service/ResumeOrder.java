package txlookup.cli.service;

import java.sql.SQLException;
import picocli.CommandLine.Option;
import txlookup.apply.store.position.PartitionStops;
import txlookup.apply.store.position.Source;
import txlookup.cli.options.ChosenGeneration;

/** An order to resume a partition that is stopped. It waits in the store for the consumer that has the partition. */
final class ResumeOrder {
    @Option(
            names = "--resume",
            required = true,
            paramLabel = "TOPIC-PARTITION",
            description = {
                "Orders a stopped partition to resume, and ends. Dead letters that are in its log by then no longer stop it;",
                "a gap is looked for again."
            })
    private String partition;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    private String reason;

    @Option(
            names = "--actor",
            defaultValue = "${sys:user.name}",
            description = "Who orders it, for the record. Default: ${DEFAULT-VALUE}.")
    private String actor;

    /** Leaves the order in the store; returns what to tell. */
    String give(ChosenGeneration generation) throws SQLException {
        Source source = source();
        PartitionStops.Stop stop = new PartitionStops(generation.store())
                .orderResume(source, actor, reason)
                .orElseThrow(() -> new IllegalStateException(
                        "%s of generation %d is not stopped; /ready of its consumer names the partitions that are"
                                .formatted(source, generation.number())));
        return "%s of generation %d will resume. It was stopped since %s: %s"
                .formatted(source, generation.number(), stop.at(), stop.reason());
    }

    private Source source() {
        int dash = partition.lastIndexOf('-');
        String number = partition.substring(dash + 1);
        if (dash < 1 || !number.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    "--resume: saw %s; wanted a topic and a partition, such as ledger.entry.upserted-7"
                            .formatted(partition));
        }
        return new Source(Source.Kind.STREAM, partition.substring(0, dash), Integer.parseInt(number));
    }
}
