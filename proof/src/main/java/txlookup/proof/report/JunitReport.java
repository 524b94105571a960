package txlookup.proof.report;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import txlookup.proof.Report;
import txlookup.proof.compare.Difference;
import txlookup.proof.compare.Difference.Kind;
import txlookup.proof.compare.TableReport;

/** For a build server: one test a table and kind of difference. */
final class JunitReport {
    private static final int SHOWN = 20;

    private JunitReport() {}

    static String write(Report report) {
        StringJoiner cases = new StringJoiner("\n");
        int tests = 0;
        int failures = 0;
        for (TableReport table : report.findings().tables()) {
            for (Kind kind : Kind.values()) {
                List<Difference> open = report.of(table.entity(), kind).stream()
                        .filter(Difference::isOpen)
                        .toList();
                tests++;
                failures += open.isEmpty() ? 0 : 1;
                cases.add(test("no " + kind.wireName() + " " + Wording.entity(table.entity()), open));
            }
        }
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="txlookup verify" tests="%d" failures="%d">
                %s
                </testsuite>
                """.formatted(tests, failures, cases);
    }

    private static String test(String name, List<Difference> open) {
        if (open.isEmpty()) {
            return "  <testcase classname=\"verify\" name=\"%s\"/>".formatted(name);
        }
        String shown = open.stream()
                .limit(SHOWN)
                .map(Wording::difference)
                .map(JunitReport::escaped)
                .collect(Collectors.joining("\n"));
        return "  <testcase classname=\"verify\" name=\"%s\"><failure message=\"%,d differences\">%s</failure></testcase>"
                .formatted(name, open.size(), shown);
    }

    /** Keys are the source's: they may hold anything, and some of it no XML may hold. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll(
                        "[^\\x{9}\\x{A}\\x{D}\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }
}
