package txlookup.cli.gate;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import txlookup.apply.store.position.StoreStats;
import txlookup.cli.options.ChosenGeneration;
import txlookup.cli.options.ExitCode;
import txlookup.cli.options.GenerationOption;
import txlookup.cli.options.Program;
import txlookup.profiles.Profile;
import txlookup.profiles.settings.DatabaseRole;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.steps.Smoke;

@Command(
        name = "smoke",
        description = {
            "Asks the API for an existing entry (200) and for a missing one (404).",
            "Exit code 0 when both answers are right, 1 when one is not, 2 when there is no entry to ask for.",
            "An API that wants a bearer token gets the one in TXLOOKUP_GATE_TOKEN."
        },
        footer = {"", "Example:", "  txlookup smoke --tx tx-0000000042-p"})
public final class SmokeCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--api", description = "The API's address. Default: the profile's.")
    private URI api;

    @Option(names = "--tx", paramLabel = "TX_ID", description = "An existing entry. Default: one from the store.")
    private String txId;

    @Mixin
    private GenerationOption generation;

    @Override
    public Integer call() throws Exception {
        Profile profile = main.profile().load();
        URI address = api != null
                ? api
                : URI.create("http://%s:%d"
                        .formatted(profile.api().bindAddress(), profile.api().port()));
        Optional<String> known = txId != null ? Optional.of(txId) : someTxId(profile);
        List<GateResult> results = check(address, known);
        for (GateResult result : results) {
            spec.commandLine()
                    .getOut()
                    .println("%-4s  %s: %s, wanted %s"
                            .formatted(
                                    result.passed() ? "pass" : "FAIL",
                                    result.gate(),
                                    result.measured(),
                                    result.wanted()));
        }
        if (known.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("txlookup smoke: the store is empty, so no hit could be asked for; give --tx");
            return ExitCode.NOT_JUDGED;
        }
        return results.stream().allMatch(GateResult::passed) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private List<GateResult> check(URI address, Optional<String> known) throws InterruptedException, IOException {
        try {
            return new Smoke(address, () -> Optional.ofNullable(System.getenv("TXLOOKUP_GATE_TOKEN")), asked())
                    .check(known);
        } catch (ConnectException e) {
            throw new ConnectException("no API answers at %s; start it with txlookup up or serve".formatted(address));
        }
    }

    /** The one that serves is asked as everybody asks it. */
    private OptionalLong asked() {
        return generation.named().map(named -> OptionalLong.of(named.value())).orElseGet(OptionalLong::empty);
    }

    private Optional<String> someTxId(Profile profile) throws Exception {
        try (ChosenGeneration chosen =
                generation.open(DatabaseRole.READER, profile, main.profile().secrets(profile))) {
            return new StoreStats(chosen.store()).someTxId();
        }
    }
}
