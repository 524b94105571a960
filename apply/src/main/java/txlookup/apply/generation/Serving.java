package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What people read, as the one row of {@code bo.serving} said when it was asked. Nothing else says it.
 *
 * @param generation what answers; null while none does
 * @param wayBack what answered before, kept current so that a switch can be taken back; null where there is none
 * @param candidate what answers a share of the lookups on trial; null where there is none
 * @param share per cent of the lookups that the candidate answers, 0 to 100
 * @param epoch rises by one with each change
 * @param since when it last changed, by the database's clock
 */
public record Serving(
        @Nullable Long generation,
        @Nullable Long wayBack,
        @Nullable Long candidate,
        int share,
        long epoch,
        Instant since) {
    private static final String READ = "SELECT generation, way_back, candidate, share, epoch, since FROM bo.serving";

    /** Reads the row; the connection may be of any generation. */
    public static Serving read(Connection connection) throws SQLException {
        return query(connection, READ);
    }

    /** Reads the row and keeps it from changing until the connection's transaction ends: how each act begins. */
    static Serving lock(Connection connection) throws SQLException {
        return query(connection, READ + " FOR UPDATE");
    }

    /** Whether answers or their way back come from that generation. */
    public boolean isInUse(long number) {
        return is(generation, number) || is(wayBack, number) || is(candidate, number);
    }

    private static boolean is(@Nullable Long one, long number) {
        return one != null && one == number;
    }

    private static Serving query(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("bo.serving has no row; txlookup migrate makes it");
            }
            return new Serving(
                    row.getObject(1, Long.class),
                    row.getObject(2, Long.class),
                    row.getObject(3, Long.class),
                    row.getInt(4),
                    row.getLong(5),
                    row.getObject(6, OffsetDateTime.class).toInstant());
        }
    }
}
