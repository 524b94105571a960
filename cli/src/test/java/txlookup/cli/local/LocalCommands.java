package txlookup.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import txlookup.cli.Main;
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

    /** Gives each command that is started from now on a variable of its environment. */
    LocalCommands with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** Starts a command whose output, errors included, goes to a file of that name. */
    public Process start(String output, String... command) throws IOException {
        List<String> whole = new ArrayList<>(common);
        whole.addAll(Arrays.asList(command));
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().put("TXLOOKUP_BROKER_LIB", System.getProperty("txlookup.broker.lib"));
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true).redirectOutput(folder.resolve(output).toFile());
        return builder.start();
    }

    public int run(String output, String... command) throws IOException, InterruptedException {
        keepWhatWasWritten();
        int code = start(output, command).waitFor();
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
