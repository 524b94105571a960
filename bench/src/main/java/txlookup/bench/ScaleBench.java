package txlookup.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import txlookup.bench.measure.Machine;
import txlookup.bench.measure.Metrics;
import txlookup.bench.scale.DiskNeeded;
import txlookup.bench.scale.FinishedPhases;
import txlookup.bench.scale.ScalePhases;
import txlookup.bench.scale.ScalePhases.Effort;
import txlookup.bench.scale.ScalePoint;
import txlookup.bench.scale.ScaledStore;
import txlookup.bench.servers.Servers;

/** Load, verify, lookups, lists and apply on stores of very different sizes, plain beside partitioned ones. */
final class ScaleBench {
    private static final String USAGE = """
            Usage: bench/scale --data FOLDER [--sizes 1m,10m,100m] [--partitions 1,16] [--files]
                   bench/scale --quick
            --data        a folder for the servers and phases.ndjson; the same command again resumes after the last
                          finished phase. A store is dropped once all of its phases are finished.
            --sizes       ledger entries of each store, such as 500k or 10m
            --partitions  hash partitions of each store; 1 is plain
            --files       writes the extract first and loads it; else its rows are made while they are loaded
            --quick       200k entries, fewer requests and a temporary folder, in less than five minutes
            Last line: one JSON object with every figure after its store's name, such as 10m_16_apply.""";

    private ScaleBench() {}

    public static void main(String[] arguments) throws Exception {
        List<String> options = Arrays.asList(arguments);
        if (options.contains("--help")) {
            System.out.println(USAGE);
            return;
        }
        try {
            run(options);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("bench/scale: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0); // clients that a failed phase left behind must not hold the process
    }

    private static void run(List<String> options) throws Exception {
        boolean quick = options.contains("--quick");
        boolean files = options.contains("--files");
        List<ScalePoint> points = points(options, quick);
        String data = Options.text(options, "--data", "");
        if (data.isEmpty() && !quick) {
            throw new IllegalArgumentException("--data FOLDER is needed, or --quick; --help tells more");
        }
        Path folder = data.isEmpty()
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : Files.createDirectories(Path.of(data).toAbsolutePath());
        FinishedPhases before = FinishedPhases.in(folder);
        for (ScalePoint point : points) {
            if (!before.has(point.name() + "/load")) {
                DiskNeeded.require(folder, before, point, files);
            }
        }
        Servers servers = data.isEmpty() ? Servers.start() : Servers.in(folder);
        FinishedPhases finished = FinishedPhases.in(servers.folder());
        String machine = Machine.describe();
        System.out.println(machine);
        for (ScalePoint point : points) {
            measure(servers, point, quick ? Effort.QUICK : Effort.USUAL, files, finished, machine);
        }
        summary(points, finished).print();
    }

    private static List<ScalePoint> points(List<String> options, boolean quick) {
        List<ScalePoint> points = new ArrayList<>();
        for (String size :
                Options.text(options, "--sizes", quick ? "200k" : "1m,10m,100m").split(",", -1)) {
            for (String partitions :
                    Options.text(options, "--partitions", "1,16").split(",", -1)) {
                points.add(new ScalePoint(ScalePoint.entries(size), ScalePoint.partitions(partitions)));
            }
        }
        return points;
    }

    private static void measure(
            Servers servers, ScalePoint point, Effort effort, boolean files, FinishedPhases finished, String machine)
            throws Exception {
        boolean any = false;
        for (Map.Entry<String, ScalePhases.Phase> phase :
                new ScalePhases(servers, point, effort, files).inOrder().entrySet()) {
            String name = point.name() + "/" + phase.getKey();
            if (finished.has(name)) {
                System.out.println(name + " was finished by an earlier run");
                continue;
            }
            any = true;
            System.out.println(name);
            Metrics figures = new Metrics();
            phase.getValue().measure(figures);
            finished.finish(name, machine, figures.line());
        }
        if (any) {
            ScaledStore.drop(servers, point);
        }
    }

    private static Metrics summary(List<ScalePoint> points, FinishedPhases finished) {
        Metrics all = new Metrics();
        for (ScalePoint point : points) {
            finished.of(point).forEach(all::put);
            ScalePoint smallest = new ScalePoint(points.get(0).entries(), point.partitions());
            ScalePoint plain = new ScalePoint(point.entries(), 1);
            for (String figure : List.of("apply", "load")) {
                ratio(all, finished, figure, point, smallest);
                ratio(all, finished, figure, point, plain);
            }
        }
        return all;
    }

    private static void ratio(Metrics all, FinishedPhases finished, String figure, ScalePoint of, ScalePoint to) {
        if (!of.equals(to) && finished.number(to, figure).isPresent()) {
            double ratio = finished.number(of, figure).orElseThrow()
                    / finished.number(to, figure).orElseThrow();
            all.put("%s_%s_to_%s".formatted(of.name(), figure, to.name()), Math.round(1000 * ratio) / 1000.0);
        }
    }
}
