package txlookup.schemacheck.revision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resource.StringResource;
import org.flywaydb.core.internal.sqlscript.ParsedSqlStatement;
import org.flywaydb.core.internal.sqlscript.SqlStatementIterator;
import org.flywaydb.database.postgresql.PostgreSQLParser;

/**
 * One statement of a revision, as Flyway will run it.
 *
 * @param line where it begins, from 1
 * @param column where it begins, from 1
 * @param sql without the comments above it
 * @param comments those above it
 * @param inTransaction whether Flyway runs it in a transaction
 */
public record ScriptStatement(int line, int column, String sql, List<Comment> comments, boolean inTransaction) {
    private static final Configuration CONFIGURATION = Flyway.configure().placeholderReplacement(false);
    private static final Pattern COMMENT = Pattern.compile("--[ \t]*(.*)");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z]+");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final int CHARACTERS_SHOWN = 80;

    /** A comment of one line. */
    public record Comment(int line, int column, String text) {}

    /**
     * The statements of a file.
     *
     * @throws FlywayException when it cannot be split
     */
    static List<ScriptStatement> split(String script) {
        String text = script.replace("\r\n", "\n");
        List<ScriptStatement> statements = new ArrayList<>();
        try (SqlStatementIterator parsed =
                new PostgreSQLParser(CONFIGURATION, new ParsingContext()).parse(new StringResource(text))) {
            int end = 0;
            while (parsed.hasNext()) {
                ParsedSqlStatement next = (ParsedSqlStatement) parsed.next();
                List<Comment> comments = comments(text, end, next.getPos());
                end = text.indexOf(next.getSql(), end) + next.getSql().length();
                String sql = text.substring(next.getPos(), end);
                // Asked without a server, Flyway takes it for an old one, where ALTER TYPE wanted no transaction.
                boolean inTransaction =
                        next.canExecuteInTransaction() || word(sql).equals("ALTER");
                statements.add(new ScriptStatement(next.getLine(), next.getCol(), sql, comments, inTransaction));
            }
        }
        return List.copyOf(statements);
    }

    private static List<Comment> comments(String text, int from, int to) {
        List<Comment> comments = new ArrayList<>();
        Matcher comment = COMMENT.matcher(text).region(from, to);
        while (comment.find()) {
            int line = 1
                    + (int) text.substring(0, comment.start())
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            int column = comment.start() - text.lastIndexOf('\n', comment.start() - 1);
            comments.add(new Comment(line, column, comment.group(1).strip()));
        }
        return List.copyOf(comments);
    }

    /** The first word, which names the command. */
    public String word() {
        return word(sql);
    }

    private static String word(String sql) {
        Matcher word = WORD.matcher(sql);
        return word.lookingAt() ? word.group().toUpperCase(Locale.ROOT) : "";
    }

    /** How it begins, on one line. */
    public String beginning() {
        String flat = SPACE.matcher(sql).replaceAll(" ");
        return flat.length() <= CHARACTERS_SHOWN ? flat : flat.substring(0, CHARACTERS_SHOWN) + " ...";
    }
}
