package txlookup.cli.env;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.BearerToken;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.inventory.ArmSubscription;
import txlookup.profiles.Profile;

/** Which subscription, and where its resource manager is. */
final class SubscriptionOption {
    @Option(
            names = "--subscription",
            paramLabel = "ID",
            defaultValue = "${env:AZURE_SUBSCRIPTION_ID:-}",
            description = "The subscription's id. Default: AZURE_SUBSCRIPTION_ID.")
    private String subscription;

    @Option(
            names = "--arm",
            paramLabel = "URL",
            defaultValue = "https://management.azure.com",
            description = "The resource manager. Default: ${DEFAULT-VALUE}; plain http on this machine only.")
    private URI arm;

    URI arm() {
        return arm;
    }

    String subscription() {
        return subscription;
    }

    Target target(Profile profile) {
        return Target.of(subscription, profile);
    }

    ArmClient client(Consumer<ArmCall> record) {
        return client(arm, record);
    }

    static ArmClient client(URI arm, Consumer<ArmCall> record) {
        return new ArmClient(arm, BearerToken.forEndpoint(arm), Sleeper.real(), ArmClient.Limits.usual(), record);
    }

    static ArmSubscription open(URI arm, Target target, List<ArmCall> calls) {
        return new ArmSubscription(client(arm, calls::add), target.subscription(), Sleeper.real());
    }
}
