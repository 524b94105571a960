package txlookup.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import txlookup.cli.rebuild.CandidateComparison;
import txlookup.cli.rebuild.RebuildConsole;
import txlookup.profiles.Profile;
import txlookup.rebuild.Rebuild;
import txlookup.rebuild.evidence.Evidence;
import txlookup.rebuild.local.LocalEnvironment;
import txlookup.rebuild.local.LocalPlatform;
import txlookup.rebuild.local.LocalSecrets;
import txlookup.rebuild.steps.SwitchWhen;

/** Runs a rebuild of the local environment and tells its verdict. */
final class RebuildRunner {
    private RebuildRunner() {}

    static Evidence run(Profile profile, LocalPlatform platform, LocalEnvironment environment, RebuildConsole console)
            throws IOException, InterruptedException {
        return run(profile, platform, environment, environment.folders().journal(), console, SwitchWhen.WHEN_GO);
    }

    static Evidence beside(
            Profile profile,
            LocalPlatform platform,
            LocalEnvironment environment,
            RebuildConsole console,
            SwitchWhen switching)
            throws IOException, InterruptedException {
        return run(profile, platform, environment, environment.folders().besideJournal(), console, switching);
    }

    private static Evidence run(
            Profile profile,
            LocalPlatform platform,
            LocalEnvironment environment,
            Path journal,
            RebuildConsole console,
            SwitchWhen switching)
            throws IOException, InterruptedException {
        Rebuild rebuild = new Rebuild(
                profile,
                platform,
                journal,
                environment.folders().evidence(),
                console,
                Clock.systemUTC(),
                switching,
                new CandidateComparison(
                        profile, new LocalSecrets(environment.folders(), System.getenv()), console.out()));
        Evidence evidence = rebuild.run();
        console.verdict(
                evidence, evidence.folder(environment.folders().evidence()).toString());
        return evidence;
    }
}
