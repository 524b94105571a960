package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The newest comparison of a generation with the one that serves, without which nothing is switched. */
final class Compared {
    private static final String NEWEST = """
            SELECT passed, differences, verified_at > clock_timestamp() - make_interval(secs => ?), verified_at, evidence,
                   (SELECT string_agg(one ->> 'key', ', ')
                    FROM (SELECT one FROM json_array_elements(found -> 'differences') AS all_of_them(one)
                          WHERE one ->> 'kind' IN ('missing', 'extra', 'field') LIMIT 3) AS first)
            FROM g%d.verification WHERE against = ? ORDER BY verification_id DESC LIMIT 1""";

    private Compared() {}

    /**
     * @param youngerThan how old it may be
     * @param accepted the hash of the evidence whose differences are accepted; null to accept none
     * @throws RefusedActException when it is missing or old, or found differences that nobody accepted
     */
    static void require(
            Connection connection, long target, long serving, Duration youngerThan, @Nullable String accepted)
            throws SQLException {
        String compare = "txlookup verify --generation %d --against %d".formatted(target, serving);
        try (PreparedStatement statement = connection.prepareStatement(NEWEST.formatted(target))) {
            statement.setLong(1, youngerThan.toSeconds());
            statement.setString(2, "generation " + serving);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new RefusedActException(
                            "generation %d was never compared with generation %d, which serves: %s"
                                    .formatted(target, serving, compare));
                }
                if (!row.getBoolean(3)) {
                    throw new RefusedActException("the comparison of %s is older than %d min: %s"
                            .formatted(row.getString(4), youngerThan.toMinutes(), compare));
                }
                if (!row.getBoolean(1)) {
                    requireAccepted(row, target, serving, accepted, compare);
                }
            }
        }
    }

    private static void requireAccepted(
            ResultSet row, long target, long serving, @Nullable String accepted, String compare) throws SQLException {
        String evidence = row.getString(5);
        if (accepted != null && accepted.equals(evidence)) {
            return;
        }
        String keys = row.getString(6);
        String differs = "generation %d differs from generation %d in %,d rows%s"
                .formatted(target, serving, row.getLong(2), keys == null ? "" : ", such as " + keys);
        throw new RefusedActException(
                accepted == null
                        ? "%s; %s shows them, --accept-differences with the hash of that evidence accepts them"
                                .formatted(differs, compare)
                        : "%s, and the evidence of that is %s, not %s".formatted(differs, evidence, accepted));
    }
}
