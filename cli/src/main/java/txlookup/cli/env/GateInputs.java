package txlookup.cli.env;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.BearerToken;
import txlookup.azure.judge.GateOptions;
import txlookup.cli.options.ShortDurationConverter;
import txlookup.gate.model.SloFile;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.AuthMode;

/** How an environment, or a revision in it, is judged. */
final class GateInputs {
    private static final String LOOKUP_TOKEN = "TXLOOKUP_GATE_TOKEN";
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration TELL_EVERY = Duration.ofSeconds(30);

    @Option(
            names = "--gate-duration",
            converter = ShortDurationConverter.class,
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long to observe it before the verdict. Default: ${DEFAULT-VALUE}.")
    private Duration gateDuration;

    @Option(
            names = "--gate-interval",
            converter = ShortDurationConverter.class,
            paramLabel = "DURATION",
            defaultValue = "1s",
            description = "Time between two readings. Default: ${DEFAULT-VALUE}.")
    private Duration gateInterval;

    @Option(
            names = "--gate-rate",
            paramLabel = "NUMBER",
            defaultValue = "30",
            description =
                    "Lookups per second meanwhile, fewer than the API allows one caller. Default: ${DEFAULT-VALUE}.")
    private double gateRate;

    @Option(
            names = "--gate-payments",
            paramLabel = "NUMBER",
            defaultValue = "2000",
            description = {
                "Synthetic payments that are published meanwhile, in stage cloud-test alone. Default: ${DEFAULT-VALUE}.",
                "In other stages the producers must publish: too few events are a NO_GO."
            })
    private long gatePayments;

    @Option(
            names = "--await-producers",
            converter = ShortDurationConverter.class,
            paramLabel = "DURATION",
            defaultValue = "30m",
            description =
                    "In stage cloud-secure, how long to wait for the producers' first events. Default: ${DEFAULT-VALUE}.")
    private Duration awaitProducers;

    @Option(
            names = "--slo",
            paramLabel = "FILE",
            description = "The objectives. Default: profiles/slo/<stage>.yaml, else profiles/slo/default.yaml.")
    private Path slo;

    /**
     * How the environment is judged.
     *
     * @param arm the resource manager; the fake's environments take no token
     * @param out told how much is left
     */
    GateOptions judging(Profile profile, Map<String, String> environment, URI arm, PrintWriter out) {
        SloFile objectives = slo == null ? SloFile.ofStage(profile.stage().yamlName()) : SloFile.read(slo);
        return new GateOptions(
                lookupToken(profile, environment, arm),
                objectives,
                gateDuration,
                gateInterval,
                WARM_UP.compareTo(gateDuration) < 0 ? WARM_UP : gateDuration,
                gateRate,
                gatePayments,
                awaitProducers,
                left -> {
                    if (left.toSeconds() % TELL_EVERY.toSeconds() == 0 && left.toMillisPart() == 0) {
                        out.println("observing, %d s left".formatted(left.toSeconds()));
                        out.flush();
                    }
                },
                line -> {
                    out.println(line);
                    out.flush();
                });
    }

    /** The file of the objectives, where it is one of this machine. */
    Optional<Path> objectives(Profile profile) {
        return slo == null ? SloFile.inProject(profile.stage().yamlName()) : Optional.of(slo);
    }

    /** The same options for a process elsewhere, the file of the objectives aside. */
    List<String> arguments() {
        return List.of(
                "--gate-duration",
                gateDuration.toString(),
                "--gate-interval",
                gateInterval.toString(),
                "--gate-rate",
                Double.toString(gateRate),
                "--gate-payments",
                Long.toString(gatePayments),
                "--await-producers",
                awaitProducers.toString());
    }

    /** The given one, as slo-gate takes it; else of the user who is logged in. The fake's API takes none. */
    private static Supplier<Optional<String>> lookupToken(Profile profile, Map<String, String> environment, URI arm) {
        String token = environment.getOrDefault(LOOKUP_TOKEN, "");
        if (!token.isBlank()) {
            return () -> Optional.of(token);
        }
        boolean onThisMachine = ArmClient.isThisMachine(arm);
        if (onThisMachine || profile.api().auth().mode() != AuthMode.OIDC) {
            return Optional::empty;
        }
        return BearerToken.forAudience(profile.api().auth().audience().orElseThrow());
    }
}
