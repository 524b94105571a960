package txlookup.rebuild.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Switch;
import txlookup.profiles.settings.ServingSettings;

/** Switches to a generation that was decided GO. */
public final class SwitchAtGo {
    private static final Logger log = LoggerFactory.getLogger(SwitchAtGo.class);
    private static final int ALL = 100;

    private final DataSource control;
    private final ServingSettings settings;

    /** @param control connections to what is common to generations */
    public SwitchAtGo(DataSource control, ServingSettings settings) {
        this.control = control;
        this.settings = settings;
    }

    /**
     * Switches, or completes what a killed rebuild began.
     *
     * @return why it was refused; empty when the generation serves
     */
    public Optional<String> to(long generation) throws SQLException, InterruptedException {
        Act.Order order = new Act.Order("txlookup rebuild, " + System.getProperty("user.name"), "GO");
        try (Connection connection = control.getConnection()) {
            new Switch(connection, settings, log::info).switchTo(generation, ALL, order, null);
            return Optional.empty();
        } catch (RefusedActException e) {
            return Optional.of(e.getMessage());
        }
    }
}
