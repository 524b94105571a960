package txlookup.migrations.lint.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import txlookup.migrations.lint.sql.SqlToken;

/**
 * A column as CREATE TABLE and ADD COLUMN write it.
 *
 * @param type the type's words without arguments, such as {@code character varying}
 * @param sized whether the type has arguments, such as a length
 * @param references the table of an inline foreign key; null without one
 */
record ColumnDefinition(
        String name,
        String type,
        boolean sized,
        SqlToken typeAt,
        boolean notNull,
        @Nullable List<SqlToken> defaultValue,
        boolean check,
        boolean unique,
        boolean primaryKey,
        boolean storedOrIdentity,
        @Nullable String references) {
    private static final Set<String> AFTER_TYPE = Set.of(
            "not",
            "null",
            "default",
            "constraint",
            "primary",
            "unique",
            "check",
            "references",
            "generated",
            "collate",
            "storage",
            "compression",
            "using",
            "options",
            "deferrable",
            "initially",
            "enforced",
            "no");
    private static final Set<String> CLAUSES = Set.of(
            "not",
            "null",
            "constraint",
            "primary",
            "unique",
            "check",
            "references",
            "generated",
            "collate",
            "storage",
            "compression",
            "deferrable",
            "initially",
            "enforced");
    private static final Set<String> SERIALS =
            Set.of("serial", "bigserial", "smallserial", "serial2", "serial4", "serial8");
    private static final Set<String> NEVER_EXACT = Set.of(
            "real", "float", "float4", "float8", "double precision", "money", "char", "character", "nchar", "bpchar");
    private static final Set<String> CUT_WHEN_SIZED = Set.of(
            "varchar",
            "character varying",
            "char varying",
            "numeric",
            "decimal",
            "dec",
            "timestamptz",
            "timestamp with time zone");

    static ColumnDefinition read(TokenCursor cursor) {
        String name = cursor.name();
        SqlToken typeAt = cursor.peek();
        TypeName type = TypeName.read(cursor);
        boolean notNull = false;
        List<SqlToken> defaultValue = null;
        boolean check = false;
        boolean unique = false;
        boolean primaryKey = false;
        boolean stored = false;
        String references = null;
        while (!cursor.atEnd()) {
            if (cursor.take("not null")) {
                notNull = true;
            } else if (cursor.take("default")) {
                defaultValue = expression(cursor);
            } else if (cursor.take("primary key")) {
                primaryKey = true;
            } else if (cursor.take("unique")) {
                unique = true;
            } else if (cursor.take("check")) {
                check = true;
                cursor.skip();
            } else if (cursor.take("references")) {
                references = cursor.qualifiedName();
            } else if (cursor.take("as identity")) {
                stored = true;
            } else if (cursor.take("stored")) {
                stored = true;
            } else {
                cursor.skip();
            }
        }
        return new ColumnDefinition(
                name,
                type.words(),
                type.sized(),
                typeAt,
                notNull,
                defaultValue,
                check,
                unique,
                primaryKey,
                stored,
                references);
    }

    private static List<SqlToken> expression(TokenCursor cursor) {
        List<SqlToken> tokens = new ArrayList<>();
        while (!cursor.atEnd()
                && !(cursor.peek().kind() == SqlToken.Kind.WORD
                        && CLAUSES.contains(cursor.peek().text())
                        && !(cursor.at("null") && tokens.isEmpty()))) {
            tokens.add(cursor.next());
        }
        return List.copyOf(tokens);
    }

    /** Whether values come out of it otherwise than docs/contract.md says that they go in. */
    boolean isLossy() {
        return isSerial()
                || NEVER_EXACT.contains(type)
                || (sized && CUT_WHEN_SIZED.contains(type))
                || type.equals("timestamp")
                || type.equals("timestamp without time zone")
                || type.equals("time")
                || type.equals("time without time zone");
    }

    boolean isSerial() {
        return SERIALS.contains(type);
    }

    /** A type's words, without length and brackets. */
    record TypeName(String words, boolean sized) {
        static TypeName read(TokenCursor cursor) {
            StringBuilder words = new StringBuilder();
            boolean sized = false;
            while (!cursor.atEnd()
                    && !(cursor.peek().kind() == SqlToken.Kind.WORD
                            && AFTER_TYPE.contains(cursor.peek().text()))) {
                if (cursor.at("(")) {
                    sized = true;
                    cursor.skip();
                } else if (cursor.peek().isName()) {
                    words.append(words.isEmpty() ? "" : " ")
                            .append(cursor.next().text());
                } else {
                    cursor.next();
                }
            }
            String whole = words.toString();
            return new TypeName(
                    whole.startsWith("pg_catalog ") ? whole.substring("pg_catalog ".length()) : whole, sized);
        }
    }
}
