package txlookup.migrations;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be brought to head: a released migration was edited, the database is ahead of this code, or a
 * statement failed. Retrying does not help; the message says what was seen and what to do.
 */
public final class MigrationException extends RuntimeException {
    MigrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
