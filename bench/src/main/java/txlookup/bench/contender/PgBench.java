package txlookup.bench.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import txlookup.api.LookupApi;
import txlookup.bench.servers.Servers;

/** PostgreSQL's own load generator: the API's statement without an API, prepared, over as many connections. */
public record PgBench(Path executable) {
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");

    /** The newest that is installed; without one the figure is left out, and said so. */
    public static Optional<PgBench> find() throws IOException {
        Stream<Path> onPath = Stream.of(System.getenv("PATH").split(":", -1)).map(Path::of);
        Path versions = Path.of("/usr/lib/postgresql");
        try (Stream<Path> debian = Files.isDirectory(versions) ? Files.list(versions) : Stream.empty()) {
            Optional<PgBench> found = Stream.concat(
                            debian.map(version -> version.resolve("bin")).sorted((a, b) -> b.compareTo(a)), onPath)
                    .map(folder -> folder.resolve("pgbench"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .map(PgBench::new);
            if (found.isEmpty()) {
                System.out.println("pgbench is not installed (Debian: postgresql); its figures are left out");
            }
            return found;
        }
    }

    public double lookupsPerSecond(Servers servers, String database, long payments, Duration howLong) {
        try {
            Path script = servers.folder().resolve("lookup.sql");
            String lookup = LookupApi.transactionStatement().replace("?", "'tx-' || :n::text");
            Files.writeString(script, "\\set n random(0, %d)%n%s;%n".formatted(2 * payments - 1, lookup));
            ProcessBuilder builder = new ProcessBuilder(command(servers, database, script, howLong));
            builder.environment().put("PGPASSWORD", "bench");
            builder.environment().put("PGOPTIONS", "-c enable_seqscan=off -c enable_bitmapscan=off"); // as the API's
            Process process = builder.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher rate = RATE.matcher(output);
            if (!rate.find()) {
                throw new IllegalStateException("pgbench told no rate: " + output);
            }
            return Double.parseDouble(rate.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(Servers servers, String database, Path script, Duration howLong) {
        return List.of(
                executable.toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--client=16",
                "--jobs=2",
                "--time=" + howLong.toSeconds(),
                "--host=127.0.0.1",
                "--port=" + servers.postgres().port(),
                "--username=bench",
                "--file=" + script,
                database);
    }
}
