package txlookup.rebuild.local;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.backfill.source.Input;
import txlookup.profiles.Profile;

/** This machine as a platform for a generation beside the one that serves, loaded from the extract that was kept. */
public final class Beside extends LocalPlatform {
    /** Nobody publishes for its sake, and what was loaded may be empty. */
    private static final List<String> WITHOUT_TRAFFIC = List.of("freshness-events", "pairs", "smoke");

    private final LocalFolders folders;

    /** Takes over what the local platform is made of. */
    public Beside(LocalEnvironment environment, Profile profile, Map<String, String> variables) {
        super(environment.platform(profile, variables));
        this.folders = environment.folders();
    }

    @Override
    public String injectSecrets() throws Exception {
        String injected = super.injectSecrets();
        // What serves goes on serving, and is current at the switch.
        startLive();
        return injected;
    }

    @Override
    public Optional<Instant> extractReadAt(Instant cutover) throws Exception {
        return Optional.of(extract().asOf());
    }

    @Override
    public List<Input> extract(Instant cutover) throws Exception {
        return extract().inputs();
    }

    private KeptExtract extract() throws IOException {
        return KeptExtract.newest(folders.extracts())
                .orElseThrow(() -> new IOException(
                        "%s keeps no extract to load from; txlookup demo makes one, or txlookup up an empty one"
                                .formatted(folders.extracts())));
    }

    @Override
    public List<Gate> gates() {
        return List.of(new LocalObjectives(this, WITHOUT_TRAFFIC, List.of()));
    }
}
