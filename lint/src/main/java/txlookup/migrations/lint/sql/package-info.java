/** PostgreSQL's lexical rules: tokens and statements. */
@NullMarked
package txlookup.migrations.lint.sql;

import org.jspecify.annotations.NullMarked;
