package txlookup.rebuild;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import txlookup.profiles.ServingSettings;
import txlookup.rebuild.serving.SwitchAtGo;

/** From a generation that was decided GO to one that serves. */
public final class Handover {
    private final Platform platform;
    private final ServingSettings settings;
    private final SwitchWhen switching;

    Handover(Platform platform, ServingSettings settings, SwitchWhen switching) {
        this.platform = platform;
        this.settings = settings;
        this.switching = switching;
    }

    /**
     * What became of a generation that was decided GO.
     *
     * @param serves whether it serves; it is READY otherwise
     * @param refused why it was not switched to; null when it was, or was not to be
     */
    public record Result(boolean serves, @Nullable String refused) {
        /** In one line, for people. */
        public String shown(long generation) {
            if (serves) {
                return "Generation %d serves.".formatted(generation);
            }
            return refused == null
                    ? "Generation %1$d is READY. Switch to it with: txlookup generation switch %1$d --reason TEXT"
                            .formatted(generation)
                    : "Generation %d is READY and does not serve: %s".formatted(generation, refused);
        }
    }

    Result of(long generation) throws SQLException, InterruptedException {
        if (switching == SwitchWhen.NEVER) {
            return new Result(false, null);
        }
        Optional<String> refused = new SwitchAtGo(platform.control(), settings).to(generation);
        return new Result(refused.isEmpty(), refused.orElse(null));
    }
}
