package txlookup.migrations.lint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import txlookup.migrations.lint.sql.SqlToken;

/** What the comments of one statement allow, each with its reason; one that is not needed is a finding itself. */
final class Suppressions {
    private static final String MARK = "lint:allow";
    private static final Pattern FORM =
            Pattern.compile("lint:allow\\s+([a-z-]+)\\s+because\\s+(\\S.*)", Pattern.DOTALL);

    private record Allowed(LintRule rule, SqlToken at) {}

    private final MigrationFile file;
    private final List<Allowed> allowed = new ArrayList<>();
    private final List<LintFinding> malformed = new ArrayList<>();
    private final Set<Allowed> used = new HashSet<>();

    Suppressions(MigrationFile file, List<SqlToken> comments) {
        this.file = file;
        for (SqlToken comment : comments) {
            if (!comment.text().startsWith(MARK)) {
                continue;
            }
            Matcher form = FORM.matcher(comment.text());
            Optional<LintRule> rule = form.matches() ? LintRule.of(form.group(1)) : Optional.empty();
            if (rule.isPresent() && rule.get() != LintRule.SUPPRESSION && rule.get() != LintRule.EDITED_REVISION) {
                allowed.add(new Allowed(rule.get(), comment));
            } else {
                malformed.add(LintFinding.at(LintRule.SUPPRESSION, file, comment, '"' + comment.text() + '"'));
            }
        }
    }

    boolean allows(LintRule rule) {
        Optional<Allowed> found =
                allowed.stream().filter(one -> one.rule() == rule).findFirst();
        found.ifPresent(used::add);
        return found.isPresent();
    }

    /** Asked when the statement was judged: suppressions without a reason, and those that allowed nothing. */
    List<LintFinding> faults() {
        List<LintFinding> faults = new ArrayList<>(malformed);
        for (Allowed one : allowed) {
            if (!used.contains(one)) {
                faults.add(LintFinding.at(
                        LintRule.SUPPRESSION,
                        file,
                        one.at(),
                        "nothing here breaks " + one.rule().id()));
            }
        }
        return faults;
    }
}
