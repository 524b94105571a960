package txlookup.cli.env;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmCall;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.ArmResponse;
import txlookup.azure.judge.GateOptions;
import txlookup.azure.kept.KeptBeginning;
import txlookup.azure.kept.KeptBlobs;
import txlookup.azure.kept.KeptEvidence;
import txlookup.azure.template.Inputs;
import txlookup.azure.template.PrivateNetwork;
import txlookup.azure.template.RegistryLogin;
import txlookup.cli.options.ProfileOptions;
import txlookup.profiles.Profile;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.Stage;
import txlookup.profiles.events.EventProfile;
import txlookup.profiles.events.EventProfiles;
import txlookup.profiles.secrets.Secret;
import txlookup.rebuild.RebuildListener;

/** What the commands that make an environment are told beside its profile. */
final class EnvInputs {
    private static final String REGISTRY_USER = "TXLOOKUP_REGISTRY_USER";
    private static final String REGISTRY_PASSWORD = "TXLOOKUP_REGISTRY_PASSWORD";

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

    @Option(
            names = "--image",
            required = true,
            paramLabel = "IMAGE",
            description = "REGISTRY/REPOSITORY@sha256:DIGEST; copied into the environment's own registry.")
    private String image;

    @Option(
            names = "--as-of",
            paramLabel = "INSTANT",
            description =
                    "When the files of the extract were read (backfill.asOf). Default: what extract.json beside them says.")
    private Instant asOf;

    @Option(
            names = "--operator-address",
            paramLabel = "IPV4",
            defaultValue = "",
            description =
                    "The only address outside Azure that reaches a public environment's database and apps, and a secured one's storage account.")
    private String operatorAddress;

    @Option(names = "--alert-email", paramLabel = "ADDRESS", description = "Who receives alerts. May be repeated.")
    private List<String> emails = new ArrayList<>();

    @Option(
            names = "--network",
            paramLabel = "DEPLOYMENT-ID",
            defaultValue = "",
            description = "Deployment of azure/templates/virtual_network.json, in place of the seven ids below.")
    private String network;

    @Option(
            names = "--container-subnet",
            paramLabel = "ID",
            description = "Of a private network, as are the six below.")
    private String containerSubnet;

    @Option(names = "--postgres-subnet", paramLabel = "ID")
    private String postgresSubnet;

    @Option(names = "--endpoint-subnet", paramLabel = "ID")
    private String endpointSubnet;

    @Option(names = "--postgres-dns-zone", paramLabel = "ID")
    private String postgresDnsZone;

    @Option(names = "--vault-dns-zone", paramLabel = "ID")
    private String vaultDnsZone;

    @Option(names = "--registry-dns-zone", paramLabel = "ID")
    private String registryDnsZone;

    @Option(names = "--event-hubs-dns-zone", paramLabel = "ID")
    private String eventHubsDnsZone;

    @Option(
            names = "--within",
            negatable = true,
            description = {
                "Make and judge it from a job within the environment. This machine then needs the resource manager and the",
                "storage account alone. Default: in stage cloud-secure; --no-within makes and judges from here."
            })
    private @Nullable Boolean within;

    @Option(names = "--kept", hidden = true, paramLabel = "URL", description = "What the job within is told.")
    private @Nullable URI kept;

    @Option(names = "--yes", description = "Do not ask before anything is made.")
    private boolean yes;

    @Mixin
    private GateInputs gate;

    @Option(
            names = "--producers",
            paramLabel = "OBJECT-ID",
            defaultValue = "",
            description = "Group or application that may publish to a secured namespace.")
    private String producers;

    /** What is to run, {@code sha256:...}. */
    String digest() {
        return image.substring(image.indexOf('@') + 1);
    }

    String subscription() {
        return subscription;
    }

    /** Empty where none was given. */
    String operatorAddress() {
        return operatorAddress;
    }

    /** The profile, with what was said of the extract. */
    ResolvedProfile profile(ProfileOptions options) {
        if (asOf != null) {
            options.override(Map.of("backfill.asOf", asOf.toString()));
        }
        return options.resolve();
    }

    ArmClient client(Consumer<ArmCall> record) {
        return SubscriptionOption.client(arm, record);
    }

    URI arm() {
        return arm;
    }

    /** Whether a job within the environment is to make it, and this process only has it made. */
    boolean hasItMadeFromWithin(Profile profile) {
        return kept == null && (within == null ? profile.stage() == Stage.CLOUD_SECURE : within);
    }

    /** Whether this process is the job. */
    boolean isWithin() {
        return kept != null;
    }

    /** From within, a generation is kept in the account before anything is done as it. */
    RebuildListener keeping(Path journal, Path evidence, RebuildListener told) {
        return kept == null
                ? told
                : new KeptBeginning(new KeptEvidence(KeptBlobs.evidence(kept), evidence), journal, told);
    }

    /** How the job within is told the same. */
    List<String> commandWithin(URI account) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "recreate",
                "--yes",
                "--kept",
                account.toString(),
                "--subscription",
                subscription,
                "--arm",
                arm.toString(),
                "--image",
                image));
        emails.forEach(email -> command.addAll(List.of("--alert-email", email)));
        command.addAll(gate.arguments());
        return command;
    }

    Optional<Path> objectives(Profile profile) {
        return gate.objectives(profile);
    }

    boolean yes() {
        return yes;
    }

    GateOptions judging(Profile profile, Map<String, String> environment, PrintWriter out) {
        return gate.judging(profile, environment, arm, out);
    }

    /**
     * What templates get. The containers read the profile as it was resolved here, so that no file of this machine is wanted
     * there.
     *
     * @param shipped the text of the profile for the containers
     * @throws IllegalArgumentException when the event profile is a file of this machine, or nobody outside Azure would reach a
     *     public environment's database
     */
    Inputs inputs(ResolvedProfile resolved, String shipped) throws IOException, InterruptedException {
        Profile profile = resolved.profile();
        boolean fromWithin = isWithin() || hasItMadeFromWithin(profile);
        if (profile.stage() == Stage.CLOUD_TEST
                && operatorAddress.isBlank()
                && !fromWithin
                && !ArmClient.isThisMachine(arm)) {
            throw new IllegalArgumentException(
                    "the database of a public environment lets in one address outside Azure; give this machine's with --operator-address");
        }
        EventProfile events = profile.events().profile();
        boolean isOfTheImage = EventProfiles.SHIPPED.contains(events.name())
                && EventProfiles.shipped(events.name()).equals(events);
        if (!isOfTheImage) {
            throw new IllegalArgumentException(
                    "events.profile is %s, a file of this machine, and the containers have %s only; put it into profiles/events and build the image with it"
                            .formatted(events.name(), EventProfiles.SHIPPED));
        }
        return new Inputs(
                image,
                shipped,
                isWithin() ? Optional.empty() : network(profile),
                operatorAddress,
                producers,
                emails,
                registryLogin(System.getenv()),
                fromWithin);
    }

    /** For an image in a private registry; one of the same tenant needs none. */
    static Optional<RegistryLogin> registryLogin(Map<String, String> environment) {
        String user = environment.getOrDefault(REGISTRY_USER, "");
        String password = environment.getOrDefault(REGISTRY_PASSWORD, "");
        if (user.isBlank() != password.isBlank()) {
            throw new IllegalArgumentException(
                    "%s and %s: one of them is set; a private registry needs both, another one none"
                            .formatted(REGISTRY_USER, REGISTRY_PASSWORD));
        }
        return user.isBlank() ? Optional.empty() : Optional.of(new RegistryLogin(user, new Secret(password)));
    }

    private Optional<PrivateNetwork> network(Profile profile) throws IOException, InterruptedException {
        if (!network.isBlank()) {
            ArmClient client = SubscriptionOption.client(arm, call -> {});
            ArmResponse answer = client.read(client.address(network, "api-version=2021-04-01"));
            if (!answer.isSuccess()) {
                throw new IllegalArgumentException(
                        "--network %s: %s; give the id of a deployment of virtual_network.json"
                                .formatted(network, answer.explanation()));
            }
            JsonNode deployed = answer.body().path("properties");
            String state = deployed.path("provisioningState").asString("");
            if (!state.equals("Succeeded")) {
                throw new IllegalArgumentException(
                        "--network %s: the deployment is %s; wait until it has succeeded, or deploy it again"
                                .formatted(network, state));
            }
            return Optional.of(PrivateNetwork.of(deployed.path("outputs")));
        }
        boolean given = Stream.of(
                        containerSubnet,
                        postgresSubnet,
                        endpointSubnet,
                        postgresDnsZone,
                        vaultDnsZone,
                        registryDnsZone,
                        eventHubsDnsZone)
                .anyMatch(part -> part != null && !part.isBlank());
        if (!given && profile.stage() != Stage.CLOUD_SECURE) {
            return Optional.empty();
        }
        return Optional.of(new PrivateNetwork(
                containerSubnet,
                postgresSubnet,
                endpointSubnet,
                postgresDnsZone,
                vaultDnsZone,
                registryDnsZone,
                eventHubsDnsZone));
    }
}
