package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Changes {@code bo.serving}, under {@link Serving#lock} alone. */
final class ServingRow {
    private static final String CHANGE = """
            UPDATE bo.serving SET generation = ?, way_back = ?, candidate = ?, share = ?, epoch = epoch + 1,
                since = clock_timestamp()""";

    private ServingRow() {}

    /** Everything is answered by {@code target}; what answered before is the way back. */
    static long switchTo(Connection connection, Serving now, long target) throws SQLException {
        return change(connection, now, target, now.generation(), null, 0);
    }

    /** A share of the lookups is answered by {@code target}. */
    static long share(Connection connection, Serving now, long target, int share) throws SQLException {
        return change(connection, now, now.generation(), now.wayBack(), target, share);
    }

    /** No lookup is answered on trial any more. */
    static long takeShareBack(Connection connection, Serving now) throws SQLException {
        return change(connection, now, now.generation(), now.wayBack(), null, 0);
    }

    /** Everything is answered by the way back; what answered until now is no way back for it. */
    static long rollBack(Connection connection, Serving now) throws SQLException {
        return change(connection, now, now.wayBack(), null, null, 0);
    }

    /** A generation that is retired is no way back and no candidate. */
    static long forget(Connection connection, Serving now, long retired) throws SQLException {
        Long wayBack = now.wayBack() != null && now.wayBack() == retired ? null : now.wayBack();
        boolean candidate = now.candidate() != null && now.candidate() == retired;
        return change(
                connection,
                now,
                now.generation(),
                wayBack,
                candidate ? null : now.candidate(),
                candidate ? 0 : now.share());
    }

    private static long change(
            Connection connection,
            Serving now,
            @Nullable Long generation,
            @Nullable Long wayBack,
            @Nullable Long candidate,
            int share)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHANGE)) {
            statement.setObject(1, generation, Types.BIGINT);
            statement.setObject(2, wayBack, Types.BIGINT);
            statement.setObject(3, candidate, Types.BIGINT);
            statement.setInt(4, share);
            statement.executeUpdate();
        }
        return now.epoch() + 1;
    }
}
