package txlookup.schemacheck.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import txlookup.schemacheck.revision.ScriptStatement;
import txlookup.schemacheck.revision.ScriptStatement.Comment;

/**
 * What the head of a revision declares, above its first statement: {@code -- expand: what it adds} or
 * {@code -- contract: V6 what it takes away}, with the expand that made it superfluous. One that declares nothing is neither.
 *
 * @param expand whether a later contract may name it
 * @param contracts the versions whose expands it ends; empty when it takes nothing away
 */
record Intent(boolean expand, List<Integer> contracts) {
    private static final Pattern EXPAND = Pattern.compile("expand:\\s*\\S.*");
    private static final Pattern CONTRACT = Pattern.compile("contract:\\s*(V\\d+(?:\\s*,\\s*V\\d+)*)\\b.*");
    private static final Pattern VERSION = Pattern.compile("V(\\d+)");

    static Intent of(List<ScriptStatement> statements) {
        boolean expand = false;
        List<Integer> contracts = new ArrayList<>();
        for (Comment comment :
                statements.isEmpty() ? List.<Comment>of() : statements.get(0).comments()) {
            Matcher contract = CONTRACT.matcher(comment.text());
            if (contract.matches()) {
                VERSION.matcher(contract.group(1)).results().forEach(v -> contracts.add(Integer.valueOf(v.group(1))));
            }
            expand |= EXPAND.matcher(comment.text()).matches();
        }
        return new Intent(expand, List.copyOf(contracts));
    }

    boolean isContract() {
        return !contracts.isEmpty();
    }
}
