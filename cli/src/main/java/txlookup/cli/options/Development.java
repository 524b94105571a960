package txlookup.cli.options;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.platform.ConsumerProcesses;
import txlookup.rebuild.steps.SwitchWhen;

/** What a clone has and the image leaves out: this machine's environment, a fake Azure and the migration lint. */
public interface Development {
    /** Adds the commands that only a clone has. */
    void addTo(CommandLine txlookup);

    /** The secrets of this machine's environment. */
    SecretSource secrets(Profile profile);

    /** Where the consumer of a generation answers; empty where none was started. */
    Optional<URI> consumer(Profile profile, long generation);

    ConsumerProcesses consumers(Profile profile);

    /**
     * Rebuilds this machine's environment beside the generation that serves.
     *
     * @param self how this program is started, up to and without its command
     */
    Evidence rebuildBeside(Profile profile, List<String> self, PrintWriter out, SwitchWhen switching)
            throws IOException, InterruptedException;

    /** Whether something on this machine kept its environment from doing what was asked. */
    boolean isItsFailure(Throwable failure);

    static Optional<Development> find() {
        return ServiceLoader.load(Development.class).findFirst();
    }

    /** @throws IllegalArgumentException in the image */
    static Development require(String stage) {
        return find().orElseThrow(() -> new IllegalArgumentException(
                "stage %s is only available in a clone, through ./txlookup; this is the image".formatted(stage)));
    }
}
