package txlookup.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.fake.FakeWorld;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.template.Environments;
import txlookup.profiles.Profile;

/**
 * Azure's own command line, {@code az}, against the fake, so that the fake is held to what a real client expects. Debian
 * has it as azure-cli; without it the test is skipped, except in CI.
 */
@Tag("nightly")
@Timeout(300)
class RealCommandLineIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev");
    private static final String GROUP = "team4-txlookup-rg-kim-dev";
    private static final String WITHIN = FakeWorld.group(GROUP) + "/providers/";

    @TempDir
    private Path folder;

    private FakeAzure azure;
    private HttpsFront front;

    private record Ran(int exit, String out, String err) {
        JsonNode json() {
            assertThat(exit).as(err).isZero();
            return JsonMapper.shared().readTree(out);
        }
    }

    @BeforeEach
    void logIn() throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/az"));
        if (!there) {
            System.out.println("NOT TESTED: the fake against Azure's own command line; apt-get install azure-cli");
        }
        assumeTrue(there || System.getenv("CI") != null, "az is not installed");
        azure = FakeAzure.start(0, new FakeAzure.Slowness(2, 1, 1, 0, 1_000));
        front = HttpsFront.start(azure.endpoint(), folder);
        azure.arrange(world -> world.environment(PROFILE.naming(), "2026-12-31").neighbours(PROFILE.naming()));
        String endpoint = front.endpoint().toString();
        az(
                "cloud",
                "register",
                "--name",
                "Practice",
                "--endpoint-resource-manager",
                endpoint,
                "--endpoint-management",
                endpoint,
                "--endpoint-active-directory",
                endpoint,
                "--endpoint-active-directory-resource-id",
                "https://management.core.windows.net/",
                "--endpoint-active-directory-graph-resource-id",
                "https://graph.windows.net/");
        assertThat(az("cloud", "set", "--name", "Practice").exit()).isZero();
        JsonNode logged = az("login", "--identity").json();
        assertThat(logged.path(0).path("id").asString()).isEqualTo(FakeAzure.SUBSCRIPTION);
    }

    @AfterEach
    void stop() {
        if (azure != null) {
            front.close();
            azure.close();
        }
    }

    @Test
    void itReadsGroupsAndResourcesPageAfterPage() throws Exception {
        JsonNode group = az("group", "show", "--name", GROUP).json();
        assertThat(group.path("properties").path("provisioningState").asString())
                .isEqualTo("Succeeded");
        assertThat(group.path("tags").path("owner").asString()).isEqualTo("kim");
        assertThat(az("group", "list", "--output", "table").out()).contains(GROUP, "databricks-rg-lake");
        assertThat(ids(az("resource", "list").json())).hasSize((int)
                azure.ids().stream().filter(id -> id.contains("/providers/")).count());
        assertThat(ids(az("resource", "list", "--tag", "owner=kim").json()))
                .as("kim0 is somebody else")
                .hasSize(AzureKind.values().length - 1)
                .allMatch(id -> id.contains("/" + GROUP + "/"));
        assertThat(ids(az("resource", "list", "--resource-type", AzureKind.POSTGRES.type())
                        .json()))
                .hasSize(2);
        assertThat(az("group", "show", "--name", "nobodys").err()).contains("ResourceGroupNotFound");
    }

    @Test
    void itDeletesAndWaitsForTheEndOfTheOperationThroughThrottling() throws Exception {
        String workspace =
                WITHIN + AzureKind.LOG_ANALYTICS.type() + "/" + AzureKind.LOG_ANALYTICS.name(PROFILE.naming());
        azure.interfere(
                (number, method, path) -> number == 1 ? Optional.of(FakeAnswer.throttled(1)) : Optional.empty());
        Ran deleted = az("resource", "delete", "--ids", workspace);
        assertThat(deleted.exit()).as(deleted.err()).isZero();
        assertThat(azure.ids()).doesNotContain(workspace);
        assertThat(azure.requests())
                .as("the operation is asked about until it is over")
                .filteredOn(request -> request.startsWith("GET /operations/"))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(az("resource", "show", "--ids", workspace).err()).contains("ResourceNotFound");

        azure.arrange(world -> world.lock(FakeWorld.group(GROUP), "CanNotDelete", "ask kim"));
        Ran locked = az("group", "delete", "--name", GROUP, "--yes");
        assertThat(locked.exit()).isNotZero();
        assertThat(locked.err()).contains("ScopeLocked");
        azure.arrange(world -> world.unlock(FakeWorld.group(GROUP)));
        assertThat(az("group", "delete", "--name", GROUP, "--yes").exit()).isZero();
        assertThat(azure.ids()).noneMatch(id -> id.contains("/" + GROUP));
        assertThat(az("group", "delete", "--name", "databricks-rg-lake", "--yes")
                        .err())
                .contains("DenyAssignmentAuthorizationFailed");
    }

    @Test
    void itDeploysATemplateOfOursAndReadsItsOutputs() throws Exception {
        Path template = Files.writeString(folder.resolve("identity.json"), """
                {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                 "contentVersion": "1.0.0.0",
                 "parameters": {"name": {"type": "string"}},
                 "resources": [{"type": "Microsoft.ManagedIdentity/userAssignedIdentities", "apiVersion": "2024-11-30",
                   "name": "[parameters('name')]", "location": "koreacentral", "tags": {}, "properties": {}}],
                 "outputs": {"principal": {"type": "string",
                   "value": "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', parameters('name')), '2024-11-30').principalId]"}}}
                """);
        List<String> deploy = List.of(
                "deployment",
                "group",
                "create",
                "--resource-group",
                GROUP,
                "--name",
                "practice",
                "--template-file",
                template.toString(),
                "--parameters",
                "name=another");
        JsonNode deployed = az(deploy.toArray(String[]::new)).json();
        assertThat(deployed.path("properties").path("provisioningState").asString())
                .isEqualTo("Succeeded");
        assertThat(deployed.path("properties")
                        .path("outputs")
                        .path("principal")
                        .path("value")
                        .asString())
                .hasSize(36);
        assertThat(azure.ids()).contains(WITHIN + "Microsoft.ManagedIdentity/userAssignedIdentities/another");
        assertThat(az(
                                "deployment",
                                "group",
                                "create",
                                "--resource-group",
                                GROUP,
                                "--mode",
                                "Complete",
                                "--template-file",
                                template.toString(),
                                "--parameters",
                                "name=another")
                        .err())
                .contains("Incremental only");
    }

    private static List<String> ids(JsonNode list) {
        return list.valueStream().map(one -> one.path("id").asString()).toList();
    }

    private Ran az(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/az"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "az", ".out");
        Path err = Files.createTempFile(folder, "az", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of(
                        "AZURE_CONFIG_DIR",
                        folder.resolve("azure").toString(),
                        "AZURE_CORE_COLLECT_TELEMETRY",
                        "false",
                        "REQUESTS_CA_BUNDLE",
                        front.certificate().toString(),
                        // What the identity's endpoint is called depends on the version.
                        "MSI_ENDPOINT",
                        front.identityEndpoint().toString(),
                        "IDENTITY_ENDPOINT",
                        front.identityEndpoint().toString(),
                        "IDENTITY_HEADER",
                        "of-a-test"));
        Process process = builder.start();
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(
                    "az %s does not end: %s".formatted(String.join(" ", arguments), Files.readString(err)));
        }
        return new Ran(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
