package txlookup.rebuild.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import txlookup.apply.generation.Serving;
import txlookup.apply.store.Generation;
import txlookup.apply.store.GenerationRegistry;
import txlookup.migrations.Migrations;

/** Which generation serves, which generations hold rows, and which of them consumers apply events to. */
public final class LiveGenerations {
    private static final String IS_MIGRATED = "SELECT to_regclass('bo.serving') IS NOT NULL";

    private static final String HAS_SCHEMA = "SELECT to_regnamespace(?) IS NOT NULL";

    private final DataSource control;

    /** @param control connections to what is common to generations */
    public LiveGenerations(DataSource control) {
        this.control = control;
    }

    /** What serves; empty where the control schema was not made yet. */
    public Optional<Serving> serving() throws SQLException {
        try (Connection connection = control.getConnection()) {
            try {
                return isTrue(connection, IS_MIGRATED) ? Optional.of(Serving.read(connection)) : Optional.empty();
            } finally {
                connection.rollback();
            }
        }
    }

    /** The generations whose schema exists, the newest first. */
    public List<Generation> holdingRows() throws SQLException {
        List<Generation> all = new GenerationRegistry(control).list();
        try (Connection connection = control.getConnection()) {
            try {
                List<Generation> holding = new ArrayList<>();
                for (Generation one : all) {
                    if (isTrue(connection, HAS_SCHEMA, Migrations.schema(one.number()))) {
                        holding.add(one);
                    }
                }
                return holding;
            } finally {
                connection.rollback();
            }
        }
    }

    /** The generations that need a consumer: what serves first, then its way back, then the newest. */
    public List<Generation> consumed() throws SQLException {
        return new GenerationRegistry(control)
                .list().stream()
                        .filter(one -> one.state().isConsumable())
                        .sorted(Comparator.comparingInt(one -> switch (one.state()) {
                            case ACTIVE -> 0;
                            case DRAINING -> 1;
                            default -> 2;
                        }))
                        .toList();
    }

    private static boolean isTrue(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
