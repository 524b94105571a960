package txlookup.gate.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import txlookup.gate.model.SloFile;

/** The files that are made from the objectives and never by hand. */
public final class GeneratedAlerts {
    private final SortedMap<String, String> files = new TreeMap<>();

    /** Makes them, in memory. */
    public GeneratedAlerts(SloFile objectives) {
        List<RuleGroup> groups = AlertRules.of(objectives);
        files.put("prometheus/rules.yaml", PrometheusYaml.rules(groups));
        files.put("prometheus/rules-test.yaml", PrometheusYaml.tests(groups));
        files.put("grafana/dashboard.json", Dashboard.of(objectives));
    }

    /** Path below the folder to content. */
    public SortedMap<String, String> files() {
        return new TreeMap<>(files);
    }

    /** Writes them into a folder. */
    public void write(Path folder) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** Which files of a folder differ from what the objectives give, are missing, or are of no use any more. */
    public List<String> differences(Path folder) throws IOException {
        TreeSet<String> all = new TreeSet<>(files.keySet());
        if (Files.isDirectory(folder)) {
            try (Stream<Path> found = Files.walk(folder)) {
                found.filter(Files::isRegularFile)
                        .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                        .filter(name -> name.endsWith(".yaml") || name.endsWith(".json"))
                        .forEach(all::add);
            }
        }
        List<String> differences = new ArrayList<>();
        for (String name : all) {
            Path path = folder.resolve(name);
            if (!files.containsKey(name)) {
                differences.add(name + " is not generated");
            } else if (!Files.isRegularFile(path)) {
                differences.add(name + " is missing");
            } else if (!Files.readString(path).equals(files.get(name))) {
                differences.add(name + " differs");
            }
        }
        return differences;
    }
}
