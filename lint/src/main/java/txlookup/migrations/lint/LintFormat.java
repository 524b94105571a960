package txlookup.migrations.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How findings are told. */
public enum LintFormat {
    /** For people: where, what, why, what to do instead. */
    TEXT {
        @Override
        public String write(List<LintFinding> findings) {
            StringBuilder text = new StringBuilder();
            for (LintFinding finding : findings) {
                text.append("%s:%d:%d  %s%n  %s%n  instead: %s%n"
                        .formatted(
                                finding.file(),
                                finding.line(),
                                finding.column(),
                                finding.rule().id(),
                                finding.message(),
                                finding.rule().instead()));
            }
            return text.toString();
        }
    },
    /** SARIF 2.1.0, for code scanning. */
    SARIF {
        @Override
        public String write(List<LintFinding> findings) {
            List<Map<String, Object>> rules =
                    Stream.of(LintRule.values()).map(LintFormat::rule).toList();
            Map<String, Object> driver = new LinkedHashMap<>();
            driver.put("name", "txlookup migrate lint");
            driver.put("rules", rules);
            Map<String, Object> run = new LinkedHashMap<>();
            run.put("tool", Map.of("driver", driver));
            run.put("columnKind", "utf16CodeUnits");
            run.put("results", findings.stream().map(LintFormat::result).toList());
            Map<String, Object> log = new LinkedHashMap<>();
            log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            log.put("version", "2.1.0");
            log.put("runs", List.of(run));
            return JSON.writeValueAsString(log) + System.lineSeparator();
        }
    },
    /** Annotations of GitHub Actions. */
    GITHUB {
        @Override
        public String write(List<LintFinding> findings) {
            StringBuilder text = new StringBuilder();
            for (LintFinding finding : findings) {
                text.append("::error file=%s,line=%d,col=%d,title=%s::%s%n"
                        .formatted(
                                property(finding.file()),
                                finding.line(),
                                finding.column(),
                                finding.rule().id(),
                                data(finding.message() + "\ninstead: "
                                        + finding.rule().instead())));
            }
            return text.toString();
        }
    };

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** All findings; an empty list is a report as well. */
    public abstract String write(List<LintFinding> findings);

    private static Map<String, Object> rule(LintRule rule) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("id", rule.id());
        entry.put("shortDescription", Map.of("text", rule.why()));
        entry.put("help", Map.of("text", "Instead: " + rule.instead()));
        entry.put("defaultConfiguration", Map.of("level", "error"));
        return entry;
    }

    private static Map<String, Object> result(LintFinding finding) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("ruleId", finding.rule().id());
        entry.put("level", "error");
        entry.put(
                "message",
                Map.of(
                        "text",
                        finding.message() + "; instead: " + finding.rule().instead()));
        entry.put(
                "locations",
                List.of(Map.of(
                        "physicalLocation",
                        Map.of(
                                "artifactLocation",
                                Map.of("uri", uri(finding.file())),
                                "region",
                                Map.of("startLine", finding.line(), "startColumn", finding.column())))));
        return entry;
    }

    private static String uri(String file) {
        return file.replace('\\', '/').replace("%", "%25").replace(" ", "%20");
    }

    /** GitHub's escapes for the message of a workflow command. */
    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
