package txlookup.rebuild.steps;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.apply.generation.Serving;
import txlookup.profiles.settings.ServingSettings;
import txlookup.rebuild.platform.Platform;
import txlookup.rebuild.serving.LiveGenerations;
import txlookup.rebuild.serving.SwitchAtGo;

/** From a generation that was decided GO to one that serves: it is compared with what serves, and switched to. */
public final class Handover {
    private static final Logger log = LoggerFactory.getLogger(Handover.class);

    private final Platform platform;
    private final ServingSettings settings;
    private final SwitchWhen switching;
    private final Comparison comparison;

    public Handover(Platform platform, ServingSettings settings, SwitchWhen switching, Comparison comparison) {
        this.platform = platform;
        this.settings = settings;
        this.switching = switching;
        this.comparison = comparison;
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

    public Result of(long generation) throws SQLException, InterruptedException {
        Optional<Long> serving =
                new LiveGenerations(platform.control()).serving().map(Serving::generation);
        if (serving.isPresent() && serving.get() != generation) {
            compare(generation, serving.get());
        }
        if (switching == SwitchWhen.NEVER) {
            return new Result(false, null);
        }
        Optional<String> refused = new SwitchAtGo(platform.control(), settings).to(generation);
        return new Result(refused.isEmpty(), refused.orElse(null));
    }

    /** A comparison that could not be made decides nothing: without one the switch is refused and says so. */
    private void compare(long candidate, long serving) throws InterruptedException {
        try {
            comparison.compare(platform.store(candidate), candidate, serving);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            StepFailure.stopIfInterrupted(e);
            log.warn("Generation {} could not be compared with {}: {}", candidate, serving, e.getMessage());
        }
    }
}
