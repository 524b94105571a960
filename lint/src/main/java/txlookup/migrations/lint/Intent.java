package txlookup.migrations.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import txlookup.migrations.lint.sql.SqlStatement;
import txlookup.migrations.lint.sql.SqlToken;

/**
 * What the head of a revision declares, above its first statement: {@code -- expand: what it adds} or
 * {@code -- contract: V6 what it takes away}, with the expand that made it superfluous. One that declares nothing is neither.
 *
 * @param expand whether a later contract may name it
 * @param contracts the versions whose expands it ends; empty when it takes nothing away
 * @param at where it is written
 */
record Intent(boolean expand, List<Integer> contracts, SqlToken at) {
    private static final Pattern EXPAND = Pattern.compile("expand:\\s*\\S.*", Pattern.DOTALL);
    private static final Pattern CONTRACT =
            Pattern.compile("contract:\\s*(V\\d+(?:\\s*,\\s*V\\d+)*)\\b.*", Pattern.DOTALL);
    private static final Pattern VERSION = Pattern.compile("V(\\d+)");

    static Intent of(List<SqlStatement> statements) {
        SqlToken at = new SqlToken(SqlToken.Kind.COMMENT, "", 1, 1, 0, 0);
        if (statements.isEmpty()) {
            return new Intent(false, List.of(), at);
        }
        boolean expand = false;
        List<Integer> contracts = new ArrayList<>();
        for (SqlToken comment : statements.get(0).comments()) {
            Matcher contract = CONTRACT.matcher(comment.text());
            if (contract.matches()) {
                VERSION.matcher(contract.group(1)).results().forEach(v -> contracts.add(Integer.valueOf(v.group(1))));
                at = comment;
            }
            expand |= EXPAND.matcher(comment.text()).matches();
        }
        return new Intent(expand, List.copyOf(contracts), at);
    }

    boolean isContract() {
        return !contracts.isEmpty();
    }
}
