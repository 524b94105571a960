package txlookup.api.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Audits what a command of the executable does, in a chain of its own. */
public final class CommandAudit {
    private static final String COMMAND = "COMMAND";
    private static final int ACCEPTED = 202;
    private static final int DONE = 200;

    private CommandAudit() {}

    /**
     * An act.
     *
     * @param actor who gave the command
     * @param action such as {@code MIGRATE}
     * @param resourceType what it is about, such as {@code SCHEMA}, and which one
     * @param command as it is typed, without what may be secret
     * @param detail what more there is to say
     */
    public record Done(
            String actor,
            String action,
            String resourceType,
            String resourceId,
            String command,
            @Nullable String detail) {}

    /** Before it takes effect: the row has the action {@code ORDER_...}. */
    public static void ordered(DataSource store, Done act) throws SQLException {
        write(store, act, "ORDER_" + act.action(), ACCEPTED);
    }

    /** Once it has taken effect. */
    public static void done(DataSource store, Done act) throws SQLException {
        write(store, act, act.action(), DONE);
    }

    private static void write(DataSource store, Done act, String action, int status) throws SQLException {
        try (Connection connection = store.getConnection()) {
            connection.setAutoCommit(true);
            AuditChain.makePartitions(connection);
            AuditChain.goOn(connection, OptionalLong.empty())
                    .append(
                            connection,
                            List.of(new AuditRow(
                                    Instant.now(),
                                    act.actor(),
                                    List.of(),
                                    null,
                                    null,
                                    action,
                                    act.resourceType(),
                                    act.resourceId(),
                                    COMMAND,
                                    act.command(),
                                    act.detail(),
                                    AuditRow.Result.FOUND,
                                    status,
                                    0,
                                    1,
                                    UUID.randomUUID().toString(),
                                    null)));
        }
    }
}
