package txlookup.proof.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** The comparisons of a generation with others, which it keeps beside its verifications. */
public final class Comparisons {
    private static final String INSERT = """
            INSERT INTO %s.verification (against, judged_through, rows_judged, differences, passed, evidence, found)
            VALUES (?, ?, ?, ?, ?, ?, ?::json)""";

    private final DataSource store;

    /** @param store any pool of it */
    public Comparisons(DataSource store) {
        this.store = store;
    }

    /** Keeps one in the candidate's schema; an act looks for the newest. */
    public void remember(ComparisonResult result) throws SQLException {
        try (Connection connection = store.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(INSERT.formatted(GenerationPair.schema(result.candidate())))) {
            statement.setString(1, "generation " + result.against());
            statement.setObject(2, result.startedAt().atOffset(ZoneOffset.UTC));
            statement.setLong(3, result.rows());
            statement.setLong(4, result.wrong());
            statement.setBoolean(5, result.passed());
            statement.setString(6, ComparisonReport.evidence(result));
            statement.setString(7, ComparisonReport.json(result));
            statement.executeUpdate();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }
}
