package txlookup.cli.local;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import txlookup.cli.Main;
import txlookup.cli.gate.WideObjectives;
import txlookup.local.testing.TestSecrets;

/** Runs {@code txlookup} as a process, on a local environment of the test's own with ports of its own. */
public final class LocalCommands {
    public static final int KAFKA_PORT = 29092;
    public static final int API_PORT = 28080;
    static final int CONSUMER_PORT = 28081;

    private final Path folder;
    private final List<String> common = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();

    public LocalCommands(Path folder, String... settings) {
        this.folder = folder;
        common.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // it lives for seconds
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        set("local.dataFolder=" + folder.resolve("data"));
        set("local.kafkaPort=" + KAFKA_PORT);
        set("local.postgresPort=25432");
        set("api.port=" + API_PORT);
        set("consumer.port=" + CONSUMER_PORT);
        Arrays.stream(settings).forEach(this::set);
    }

    private void set(String setting) {
        common.addAll(List.of("--set", setting));
    }

    /** Judges by objectives that a busy machine reaches too. */
    public LocalCommands withWideObjectives() throws IOException {
        WideObjectives.write(folder.resolve("profiles/slo/local.yaml"));
        return this;
    }

    /** Gives each command that is started from now on a variable of its environment. */
    LocalCommands with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Starts a command whose output, errors included, goes to a file of that name. */
    public Process start(String output, String... command) throws IOException {
        List<String> whole = new ArrayList<>(common);
        whole.addAll(Arrays.asList(command));
        ProcessBuilder builder = new ProcessBuilder(whole).directory(folder.toFile());
        builder.environment().put("TXLOOKUP_BROKER_LIB", System.getProperty("txlookup.broker.lib"));
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true).redirectOutput(folder.resolve(output).toFile());
        return builder.start();
    }

    public int run(String output, String... command) throws IOException, InterruptedException {
        keepWhatWasWritten();
        int code = start(output, command).waitFor();
        return kept(output, code);
    }

    /** In this process, which takes a fraction of the time: for a command that only asks or writes to the store. */
    public int runHere(String output, String... command) throws IOException {
        keepWhatWasWritten();
        List<String> arguments =
                new ArrayList<>(common.subList(common.indexOf(Main.class.getName()) + 1, common.size()));
        arguments.addAll(Arrays.asList(command));
        int code;
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve(output)))) {
            code = Main.commandLine().setOut(out).setErr(out).execute(arguments.toArray(String[]::new));
        }
        return kept(output, code);
    }

    private int kept(String output, int code) throws IOException {
        TestSecrets.keepOutput("cli-" + output, folder.resolve(output));
        keepWhatWasWritten();
        return code;
    }

    /** Before a command destroys it and after one has written more. */
    private void keepWhatWasWritten() throws IOException {
        for (Path secret : filesIn("data/secrets")) {
            TestSecrets.keep(Files.readString(secret).strip());
        }
        for (Path log : filesIn("data/logs")) {
            TestSecrets.keepOutput("cli-" + log.getFileName(), log);
        }
    }

    private List<Path> filesIn(String part) throws IOException {
        Path of = folder.resolve(part);
        if (!Files.isDirectory(of)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(of)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    public String output(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }
}
