package txlookup.azure.recreate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.hub.EventHubsPartitions;
import txlookup.azure.judge.GateOptions;
import txlookup.azure.template.Environments;
import txlookup.gate.model.SloFile;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.SecretSource;

/** Rebuilds' platforms on a fake, with the secrets that a person would export. */
final class Platforms {
    static final SecretSource SECRETS = SecretSource.environment(Map.of(
            "TXLOOKUP_DATABASE_PASSWORD",
            "hunter2-hunter2",
            "TXLOOKUP_CURSOR_SECRET",
            "0123456789abcdef0123456789abcdef"));

    private Platforms() {}

    static AzurePlatform cloudTest(FakeAzure azure) {
        return of(azure, Environments.profile("cloud-test", "kim", "dev"), SECRETS, Sleeper.real());
    }

    static AzurePlatform of(FakeAzure azure, Profile profile, SecretSource secrets, Sleeper waiting) {
        return new AzurePlatform(
                Target.of(FakeAzure.SUBSCRIPTION, profile),
                profile,
                Environments.inputs(profile),
                secrets,
                List::of,
                client(azure, waiting, Duration.ofMinutes(10)),
                waiting,
                AzurePlatform.Patience.usual(),
                new GateOptions(
                        Optional::empty,
                        SloFile.shipped(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        1,
                        0,
                        Duration.ofMinutes(1),
                        left -> {},
                        line -> {}),
                EventHubsPartitions::new);
    }

    static ArmClient client(FakeAzure azure, Sleeper waiting, Duration patience) {
        return new ArmClient(
                azure.endpoint(),
                Optional::empty,
                waiting,
                new ArmClient.Limits(Duration.ofSeconds(5), patience),
                call -> {});
    }
}
