package txlookup.cli;

import java.io.IOException;
import java.time.Clock;
import txlookup.profiles.Profile;
import txlookup.rebuild.Evidence;
import txlookup.rebuild.Rebuild;
import txlookup.rebuild.local.LocalEnvironment;
import txlookup.rebuild.local.LocalPlatform;

/** Runs a rebuild of the local environment and tells its verdict. */
final class Rebuilding {
    private Rebuilding() {}

    static Evidence run(Profile profile, LocalPlatform platform, LocalEnvironment environment, RebuildConsole console)
            throws IOException, InterruptedException {
        Rebuild rebuild = new Rebuild(
                profile,
                platform,
                environment.folders().journal(),
                environment.folders().evidence(),
                console,
                Clock.systemUTC());
        Evidence evidence = rebuild.run();
        console.verdict(
                evidence, evidence.folder(environment.folders().evidence()).toString());
        return evidence;
    }
}
