package txlookup.azure.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.Profile;

/** What the templates come to: every final name, length and tag, and what sets the stages apart. */
class EnvironmentParametersTest {
    @ParameterizedTest
    @CsvSource({
        "cloud-test, kim, dev",
        "cloud-test, 2dt026, test",
        "cloud-test, k, d",
        "cloud-test, kimberlyan, production",
        "cloud-secure, kim, prod",
        "cloud-secure, 2dt026, secure"
    })
    void everyFinalNameIsOneThatAnEnvironmentHasAndWithinAzuresLimitsAndTagged(String stage, String owner, String env) {
        Profile profile = Environments.profile(stage, owner, env);
        Set<String> ours = Arrays.stream(AzureKind.values())
                .map(kind -> kind.type().toLowerCase(Locale.ROOT) + " " + kind.name(profile.naming()))
                .collect(Collectors.toSet());
        for (TemplateEvaluation.Made made : Evaluated.resources(profile)) {
            ArmId id = ArmId.of(made.id());
            assertThat(id.isWellFormed()).as(made.id()).isTrue();
            assertThat(id.name()).as(made.id()).doesNotContain("[", "'", " ").hasSizeBetween(1, 63);
            if (id.isTopLevel() && !id.type().startsWith("microsoft.network/")) {
                assertThat(ours).as("what destroy knows").contains(id.type() + " " + id.name());
            }
            if (made.body().has("tags")) {
                assertThat(made.body().path("tags").properties().stream()
                                .map(tag -> tag.getKey() + "=" + tag.getValue().asString()))
                        .as(made.id())
                        .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                        profile.names().tags().entrySet().stream()
                                                .map(tag -> tag.getKey() + "=" + tag.getValue()),
                                        Stream.of("stage=" + profile.stage().yamlName()))
                                .toList());
            }
            int longest =
                    id.type().startsWith("microsoft.app/") ? 32 : id.type().contains("keyvault/vaults") ? 127 : 90;
            assertThat(id.name().length()).as(made.id()).isLessThanOrEqualTo(longest);
        }
    }

    @Test
    void aDisposableEnvironmentsTagsAreAllFive() {
        assertThat(Evaluated.resources(Environments.profile("cloud-test", "kim", "dev")))
                .filteredOn(made -> ArmId.of(made.id()).isTopLevel())
                .hasSizeGreaterThan(12)
                .allSatisfy(made -> assertThat(
                                new TreeSet<>(made.body().path("tags").propertyNames()))
                        .containsExactly("env", "owner", "project", "stage", "ttl"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Kim",
                "kim-lee",
                "kim')]",
                "[resourceId('x')]",
                "../kim",
                "kim\u0000",
                "김",
                "kimkimkimkimkimkimkimkimkimkimkimkim"
            })
    void aHostileOwnerNeverReachesATemplate(String owner) {
        assertThatThrownBy(() -> Environments.profile("cloud-test", owner, "dev"))
                .hasMessageContaining("owner");
    }

    @Test
    void everyKindThatDestroyKnowsIsMadeByATemplate() {
        Profile profile = Environments.profile("cloud-test", "kim", "dev", "secrets.mode=key-vault");
        Set<String> made = Evaluated.resources(profile).stream()
                .map(one -> ArmId.of(one.id()).name())
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(AzureKind.values()).filter(kind -> kind != AzureKind.RESOURCE_GROUP))
                .allSatisfy(kind -> assertThat(made).contains(kind.name(profile.naming())));
    }

    @Test
    void theGroupIsTheSameInTheConsumerAndInEveryScaleRuleAndFollowsFromItsGeneration() {
        Profile profile = Environments.profile("cloud-test", "kim", "dev");
        JsonNode app = resource(profile, AzureKind.CONSUMER_APP);
        JsonNode container = app.path("template").path("containers").get(0);
        String group = variable(container, "CONSUMER_GROUP")
                .orElseThrow()
                .path("value")
                .asString();
        assertThat(group).isEqualTo("bo-sync-dev-kim-v20261121010733");
        assertThat(container.path("args").valueStream().map(JsonNode::asString))
                .containsExactly("--profile", "/profile/profile.yaml", "consume", "--generation", "20261121010733");
        List<JsonNode> rules =
                app.path("template").path("scale").path("rules").valueStream().toList();
        assertThat(rules)
                .extracting(rule ->
                        rule.path("custom").path("metadata").path("topic").asString())
                .containsExactly(profile.ledgerTopic(), profile.paymentOrderTopic());
        assertThat(rules).allSatisfy(rule -> {
            JsonNode metadata = rule.path("custom").path("metadata");
            assertThat(metadata.path("consumerGroup").asString()).isEqualTo(group);
            assertThat(metadata.path("bootstrapServers").asString())
                    .isEqualTo("team4-txlookup-eh-kim-dev.servicebus.windows.net:9093");
            assertThat(metadata.valueStream()).as("KEDA takes texts only").allMatch(JsonNode::isString);
        });
        assertThat(app.path("template").path("scale").path("minReplicas").asInt())
                .isEqualTo(1);
        assertThat(app.path("template").path("scale").path("maxReplicas").asInt())
                .isEqualTo(profile.messaging().partitions());
    }

    @Test
    void everyContainerReadsTheProfileThatWasShippedAndIsToldItsDigest() {
        for (String stage : List.of("cloud-test", "cloud-secure")) {
            Profile profile = Environments.profile(stage, "kim", "dev", "api.limits.burst=77");
            for (AppsPart part : AppsPart.values()) {
                JsonNode app = resource(profile, part.kind());
                String text = app.path("configuration")
                        .path("secrets")
                        .valueStream()
                        .filter(secret -> secret.path("name").asString().startsWith("profile-"))
                        .findFirst()
                        .orElseThrow()
                        .path("value")
                        .asString();
                assertThat(text).as(part.name()).contains("\"burst\" : 77", "\"owner\" : \"kim\"");
                JsonNode container = app.path("template").path("containers").get(0);
                assertThat(variable(container, "PROFILE_SHA256")
                                .orElseThrow()
                                .path("value")
                                .asString())
                        .isEqualTo(txlookup.profiles.ResolvedProfile.digest(text));
                assertThat(container.path("volumeMounts").toString()).contains("\"mountPath\":\"/profile\"");
            }
        }
    }

    @Test
    void everySecretThatAContainerReadsIsOneThatItHas() {
        for (String stage : List.of("cloud-test", "cloud-secure")) {
            Profile profile = Environments.profile(stage, "kim", "dev");
            for (AppsPart part : AppsPart.values()) {
                JsonNode app = resource(profile, part.kind());
                Set<String> has = app.path("configuration")
                        .path("secrets")
                        .valueStream()
                        .map(secret -> secret.path("name").asString())
                        .collect(Collectors.toSet());
                JsonNode container = app.path("template").path("containers").get(0);
                assertThat(container
                                .path("env")
                                .valueStream()
                                .filter(variable -> variable.has("secretRef"))
                                .map(variable -> variable.path("secretRef").asString()))
                        .as("%s of %s", part, stage)
                        .hasSize(new ContainerSecrets(profile).readBy(part).size())
                        .isSubsetOf(has);
                app.path("template").path("scale").path("rules").forEach(rule -> rule.path("custom")
                        .path("auth")
                        .forEach(auth ->
                                assertThat(has).contains(auth.path("secretRef").asString())));
            }
        }
    }

    @Test
    void servicesThatSendToApplicationInsightsGetItsConnectionStringAndJobsDoNot() {
        for (String secrets : List.of("environment", "key-vault")) {
            Profile profile = Environments.profile("cloud-test", "kim", "dev", "secrets.mode=" + secrets);
            for (AppsPart part : AppsPart.values()) {
                JsonNode app = resource(profile, part.kind());
                boolean service = part == AppsPart.CONSUMER || part == AppsPart.API;
                assertThat(variable(
                                        app.path("template").path("containers").get(0),
                                        "APPLICATIONINSIGHTS_CONNECTION_STRING")
                                .map(variable -> variable.path("secretRef").asString()))
                        .as("%s, secrets from %s", part, secrets)
                        .isEqualTo(service ? Optional.of("applicationinsights-connection-string") : Optional.empty());
                assertThat(app.path("configuration").path("secrets").valueStream())
                        .filteredOn(secret -> secret.path("name").asString().startsWith("applicationinsights"))
                        .as("what the component says at deployment, never what was exported before it existed")
                        .allMatch(secret -> secret.path("value").asString().startsWith("reference(")
                                && secret.path("value").asString().endsWith(").ConnectionString"))
                        .hasSize(service ? 1 : 0);
            }
            assertThat(new ContainerSecrets(profile).required())
                    .doesNotContain("APPLICATIONINSIGHTS_CONNECTION_STRING");
        }
    }

    @Test
    void stageAIsPublicAndItsNamesAreFreeAgainAndStageBIsPrivateAndKeepsItsVault() {
        Profile test = Environments.profile("cloud-test", "kim", "dev", "secrets.mode=key-vault");
        JsonNode disposable = resource(test, AzureKind.KEY_VAULT);
        assertThat(disposable.path("softDeleteRetentionInDays").asInt()).isEqualTo(7);
        assertThat(disposable.path("enablePurgeProtection").isNull()).isTrue();
        assertThat(resource(test, AzureKind.EVENT_HUBS)
                        .path("publicNetworkAccess")
                        .asString())
                .isEqualTo("Enabled");
        assertThat(resource(test, AzureKind.POSTGRES)
                        .path("network")
                        .path("publicNetworkAccess")
                        .asString())
                .isEqualTo("Enabled");

        Profile secure = Environments.profile("cloud-secure", "kim", "prod");
        JsonNode kept = resource(secure, AzureKind.KEY_VAULT);
        assertThat(kept.path("softDeleteRetentionInDays").asInt()).isEqualTo(90);
        assertThat(kept.path("enablePurgeProtection").asBoolean()).isTrue();
        for (AzureKind kind : List.of(
                AzureKind.KEY_VAULT, AzureKind.EVENT_HUBS, AzureKind.REGISTRY, AzureKind.CONTAINER_ENVIRONMENT)) {
            assertThat(resource(secure, kind).path("publicNetworkAccess").asString())
                    .as(kind.name())
                    .isEqualTo("Disabled");
        }
        assertThat(resource(secure, AzureKind.POSTGRES)
                        .path("network")
                        .path("delegatedSubnetResourceId")
                        .asString())
                .endsWith("/subnets/pg");
        assertThat(Evaluated.resources(secure)).noneMatch(made -> made.id().contains("firewallRules"));
        assertThat(resource(secure, AzureKind.API_APP)
                        .path("configuration")
                        .path("secrets")
                        .toString())
                .contains("https://team4-tx-kv-kim-p.vault.azure.net/secrets/txlookup-cursor-secret")
                .doesNotContain("value of");
    }

    @Test
    void aClusterIsMadeOfNodesWithTheDatabaseInIt() {
        Profile profile = Environments.profile(
                "cloud-test",
                "kim",
                "dev",
                "database.distribution=citus",
                "database.nodes=3",
                "database.name=payments");
        JsonNode server = resource(profile, AzureKind.POSTGRES);
        assertThat(ClusterRules.refusal(server, null)).isEmpty();
        assertThat(ClusterRules.nodes(server)).isEqualTo(3);
        assertThat(ClusterRules.database(server)).isEqualTo("payments");
        assertThat(Evaluated.resources(profile))
                .as("its one database is made with it")
                .noneMatch(made -> made.id().contains("/databases/"));
        assertThat(Evaluated.resources(profile))
                .filteredOn(made -> made.id().contains("/flexibleServers/"))
                .anyMatch(
                        made -> made.body().path("sku").path("tier").asString().equals("GeneralPurpose"));
        assertThat(resource(Environments.profile("cloud-test", "kim", "dev"), AzureKind.POSTGRES)
                        .path("cluster")
                        .isNull())
                .isTrue();
    }

    @Test
    void aClusterInAPrivateNetworkIsReachedByAnEndpointAndTakesNoSubnet() {
        Profile profile = Environments.profile("cloud-secure", "kim", "prod", "database.distribution=citus");
        JsonNode server = resource(profile, AzureKind.POSTGRES);
        assertThat(ClusterRules.refusal(server, null)).isEmpty();
        assertThat(server.path("network").path("publicNetworkAccess").asString())
                .isEqualTo("Disabled");
        assertThat(Evaluated.resources(profile))
                .filteredOn(made -> made.id().contains("team4-txlookup-pepg-kim-prod"))
                .extracting(made -> made.body().toString())
                .satisfiesExactly(
                        endpoint -> assertThat(endpoint)
                                .contains(
                                        "/subnets/pe",
                                        "/flexibleServers/team4-txlookup-pg-kim-prod",
                                        "postgresqlServer"),
                        zone -> assertThat(zone).contains("privatelink.postgres.database.azure.com"));
        assertThat(Evaluated.resources(Environments.profile("cloud-secure", "kim", "prod")))
                .noneMatch(made -> made.id().contains("pepg"));
    }

    @Test
    void aClusterInAPrivateNetworkNeedsTheZoneOfItsEndpoint() {
        Profile profile = Environments.profile("cloud-secure", "kim", "prod", "database.distribution=citus");
        Inputs usual = Environments.inputs(profile);
        PrivateNetwork network = Environments.network("x.postgres.database.azure.com");
        Inputs inputs = new Inputs(
                usual.image(),
                usual.profile(),
                Optional.of(network),
                usual.operatorAddress(),
                usual.producers(),
                usual.emails(),
                usual.registry(),
                false);
        assertThatThrownBy(() -> new EnvironmentParameters(profile, inputs))
                .hasMessageContaining("--postgres-dns-zone")
                .hasMessageContaining("privatelink.postgres.database.azure.com");
    }

    @Test
    void theSecretThatPeopleSignInWithIsGivenToTheApiAlone() {
        Profile profile = Environments.profile(
                "cloud-secure", "kim", "prod", "api.auth.signIn.clientSecretVariable=CONSOLE_SECRET");
        for (AppsPart part : AppsPart.values()) {
            String app = withoutProfile(resource(profile, part.kind()));
            if (part == AppsPart.API) {
                assertThat(app).contains("https://team4-tx-kv-kim-p.vault.azure.net/secrets/console-secret");
                assertThat(app).contains("CONSOLE_SECRET");
            } else {
                assertThat(app).as(part.name()).doesNotContain("CONSOLE_SECRET", "console-secret");
            }
        }
    }

    @Test
    void aSecuredContainerKnowsNoPasswordOfTheDatabaseAndLogsInAsItsIdentity() {
        Profile profile = Environments.profile("cloud-secure", "kim", "prod");
        for (AppsPart part : AppsPart.values()) {
            JsonNode app = resource(profile, part.kind());
            // What works from within makes the environment, and has what its maker has.
            assertThat(part == AppsPart.WITHIN || !withoutProfile(app).contains("atabase-password"))
                    .as(part.name())
                    .isTrue();
            assertThat(variable(app.path("template").path("containers").get(0), "TXLOOKUP_DATABASE_USER")
                            .orElseThrow()
                            .path("value")
                            .asString())
                    .isEqualTo(part.identityName(profile.naming()));
        }
        assertThat(Evaluated.resources(profile))
                .filteredOn(made -> made.id().contains("/administrators/"))
                .extracting(made ->
                        made.body().path("properties").path("principalName").asString())
                .as("what answers lookups or reads events is no administrator")
                .containsExactly("team4-txlookup-id-kim-prod");
        EnvironmentParameters parameters = new EnvironmentParameters(profile, Environments.inputs(profile));
        assertThat(parameters.migrateArguments("1", "2", ""))
                .extracting(JsonNode::asString)
                .containsExactly(
                        "--admit", "team4-txlookup-idcon-kim-prod=1", "--admit", "team4-txlookup-idapi-kim-prod=2");
        assertThat(Evaluated.resources(Environments.profile("cloud-test", "kim", "dev")))
                .noneMatch(made -> made.id().contains("/administrators/"));
    }

    @Test
    void aSourceDatabaseIsReadByItsOwnJobWhichAloneHasItsPassword() {
        for (String mode : List.of("environment", "key-vault")) {
            Profile profile = Environments.profile(
                    "cloud-test",
                    "kim",
                    "dev",
                    "secrets.mode=" + mode,
                    "backfill.source=jdbc",
                    "cutover.settling=30s",
                    "backfill.jdbc.url=jdbc:postgresql://source.example/ledger",
                    "backfill.jdbc.user=reader",
                    "backfill.jdbc.passwordVariable=SOURCE_PASSWORD");
            JsonNode job = resource(profile, AzureKind.BACKFILL_JOB);
            JsonNode container = job.path("template").path("containers").get(0);
            assertThat(container.path("args").valueStream().map(JsonNode::asString))
                    .containsExactly(
                            "--profile",
                            "/profile/profile.yaml",
                            "backfill",
                            "--generation",
                            "20261121010733",
                            "--manifest",
                            "/data/manifest.json");
            assertThat(variable(container, "SOURCE_PASSWORD")
                            .orElseThrow()
                            .path("secretRef")
                            .asString())
                    .isEqualTo("source-password");
            assertThat(job.path("configuration").path("secrets").toString())
                    .contains(
                            mode.equals("key-vault")
                                    ? "https://team4-tx-kv-kim-d.vault.azure.net/secrets/source-password"
                                    : "value of SOURCE_PASSWORD");
            assertThat(job.path("configuration").path("replicaRetryLimit").asInt(-1))
                    .as("whoever ordered it decides whether it is tried again")
                    .isZero();
            for (AzureKind other : List.of(AzureKind.MIGRATE_JOB, AzureKind.CONSUMER_APP, AzureKind.API_APP)) {
                assertThat(withoutProfile(resource(profile, other)))
                        .as(other.name())
                        .doesNotContainIgnoringCase("source-password", "SOURCE_PASSWORD");
            }
            assertThat(withoutProfile(resource(profile, AzureKind.API_APP)))
                    .as("lookups need no connection string")
                    .doesNotContain("event-hubs-connection-string");
        }
    }

    @Test
    void withoutAVaultThereIsNoneAndTheConsumerListensAndNothingMore() {
        Profile profile = Environments.profile("cloud-test", "kim", "dev");
        List<String> ids = Evaluated.resources(profile).stream()
                .map(TemplateEvaluation.Made::id)
                .toList();
        assertThat(ids).noneMatch(id -> id.contains("Microsoft.KeyVault"));
        assertThat(ids)
                .filteredOn(id -> id.contains("roleAssignments"))
                .hasSize(3)
                .allMatch(id -> id.contains("registries"));
        assertThat(Evaluated.resources(profile))
                .filteredOn(made -> made.id().endsWith("/authorizationRules/listen"))
                .singleElement()
                .satisfies(rule -> assertThat(
                                rule.body().path("properties").path("rights").toString())
                        .isEqualTo("[\"Listen\"]"));
    }

    @Test
    void atAnotherKafkaNoNamespaceIsMadeAndItsPasswordIsKeptAndGivenAsAConnectionStringIs() {
        for (String stage : List.of("cloud-test", "cloud-secure")) {
            Profile profile = Environments.profile(
                    stage,
                    "kim",
                    "dev",
                    "messaging.security=SCRAM",
                    "messaging.bootstrapServers=kafka.example:9094",
                    "messaging.user=txlookup");
            assertThat(Evaluated.resources(profile))
                    .as(stage)
                    .extracting(TemplateEvaluation.Made::id)
                    .noneMatch(id -> id.contains("Microsoft.EventHub") || id.contains("-peeh-"));
            assertThat(new ContainerSecrets(profile).required()).contains("TXLOOKUP_KAFKA_PASSWORD");
            JsonNode consumer = resource(profile, AzureKind.CONSUMER_APP);
            assertThat(consumer.path("configuration").path("secrets").toString())
                    .contains("txlookup-kafka-password");
            JsonNode rule =
                    consumer.path("template").path("scale").path("rules").get(0).path("custom");
            assertThat(rule.path("metadata").path("bootstrapServers").asString())
                    .isEqualTo("kafka.example:9094");
            assertThat(rule.path("metadata").path("sasl").asString()).isEqualTo("scram_sha512");
            assertThat(rule.path("auth").toString()).contains("event-hubs-user", "txlookup-kafka-password");
            assertThat(Evaluated.resources(profile))
                    .filteredOn(made -> made.id().endsWith("/secrets/txlookup-kafka-password"))
                    .hasSize(stage.equals("cloud-secure") ? 1 : 0)
                    .allSatisfy(made -> assertThat(
                                    made.body().path("properties").path("value").asString())
                            .isEqualTo("value of the connection string"));
        }
    }

    /** Progress compares two processes in every second, which rows of a minute cannot tell. */
    @Test
    void eachMetricThatAnObjectiveJudgesIsWatchedByAnAlert() throws Exception {
        String objectives = Files.readString(Path.of("..", "profiles", "slo", "default.yaml"));
        Set<String> judged = Pattern.compile("metric: (\\w+?)(_count)?\\n")
                .matcher(objectives)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(judged).hasSizeGreaterThan(2);
        String rules = Evaluated.resources(Environments.profile("cloud-test", "kim", "dev"))
                .toString();
        assertThat(judged).allSatisfy(metric -> assertThat(rules).contains("\\\"" + metric + "\\\""));
    }

    @Test
    void whatIsKeptIsNamedAndTaggedApartFromWhatIsDestroyed() {
        Profile profile = Environments.profile("cloud-test", "kim", "dev");
        KeptParameters kept = new KeptParameters(profile, Environments.inputs(profile));
        assertThat(kept.group()).isEqualTo("team4-txlookup-rgkept-kim-dev");
        assertThat(kept.account()).isEqualTo("team4txstkimd");
        assertThat(Evaluated.kept(profile).evaluation().resources())
                .filteredOn(made -> made.body().has("tags"))
                .hasSize(2)
                .allSatisfy(made -> assertThat(made.body().path("tags").toString())
                        .isEqualTo("{\"env\":\"dev\",\"owner\":\"kim\",\"project\":\"txlookup\",\"stage\":\"kept\"}"));
        for (String owner : List.of("k", "kimberlyan", "2dt026")) {
            Profile other = Environments.profile("cloud-test", owner, "production");
            assertThat(new KeptParameters(other, Environments.inputs(other)).account())
                    .matches("[a-z0-9]{3,24}");
        }
    }

    @Test
    void nobodyOutsideReachesTheMetricsOfAConsumerThatIsJudgedFromWithin() {
        Profile profile = Environments.profile("cloud-test", "kim", "dev");
        for (boolean within : new boolean[] {false, true}) {
            Inputs usual = Environments.inputs(profile);
            Inputs inputs = new Inputs(
                    usual.image(),
                    usual.profile(),
                    usual.network(),
                    usual.operatorAddress(),
                    usual.producers(),
                    usual.emails(),
                    usual.registry(),
                    within);
            JsonNode ingress = new TemplateEvaluation(
                            TemplateLayer.APPS.template(),
                            new EnvironmentParameters(profile, inputs)
                                    .apps(
                                            AppsPart.CONSUMER,
                                            new EnvironmentParameters.ContainerIdentity("4-5-6", "/subscriptions/x"),
                                            Environments.secrets(profile),
                                            Evaluated.GENERATION),
                            "s",
                            "g",
                            LiveResources.unknown())
                    .resources()
                    .get(0)
                    .body()
                    .at("/properties/configuration/ingress");
            assertThat(ingress.path("external").asBoolean()).isEqualTo(!within);
            assertThat(ingress.path("ipSecurityRestrictions").size()).isEqualTo(within ? 0 : 1);
        }
    }

    @Test
    void anAssignmentOfAnIdentityMadeAgainHasAnotherName() {
        Profile profile = Environments.profile("cloud-test", "kim", "dev");
        EnvironmentParameters parameters = new EnvironmentParameters(profile, Environments.inputs(profile));
        List<String> names = List.of("first", "second", "second").stream()
                .map(principal -> new EnvironmentParameters.Principals(principal, "consumer", "api", ""))
                .map(principal -> new TemplateEvaluation(
                                TemplateLayer.ACCESS.template(),
                                parameters.access(principal, Environments.secrets(profile)),
                                "s",
                                "g",
                                LiveResources.unknown())
                        .resources()
                        .get(0)
                        .id())
                .toList();
        assertThat(names.get(0)).isNotEqualTo(names.get(1));
        assertThat(names.get(1)).isEqualTo(names.get(2));
    }

    /** Each identity's roles in stage B, with the secrets that its processes read and no others. */
    @Test
    void aSecuredEnvironmentHasAnIdentityForEachProcessAndNoSharedKey() {
        Profile profile = Environments.profile(
                "cloud-secure",
                "kim",
                "prod",
                "backfill.source=jdbc",
                "cutover.settling=30s",
                "backfill.jdbc.url=jdbc:postgresql://source.example/ledger",
                "backfill.jdbc.user=reader",
                "backfill.jdbc.passwordVariable=SOURCE_PASSWORD");
        assertThat(Evaluated.resources(profile))
                .filteredOn(made -> made.id().contains("/roleAssignments/"))
                .extracting(made -> "%s has %s on %s"
                        .formatted(
                                made.body()
                                        .path("properties")
                                        .path("principalId")
                                        .asString(),
                                role(made.body()
                                        .path("properties")
                                        .path("roleDefinitionId")
                                        .asString()),
                                ArmId.of(made.id()
                                                .substring(0, made.id().indexOf("/providers/Microsoft.Authorization")))
                                        .name()))
                .containsExactlyInAnyOrder(
                        "job-1 has AcrPull on team4txlookupkimprod",
                        "consumer-2 has AcrPull on team4txlookupkimprod",
                        "api-3 has AcrPull on team4txlookupkimprod",
                        "job-1 has Receiver on team4-txlookup-eh-kim-prod",
                        "consumer-2 has Receiver on team4-txlookup-eh-kim-prod",
                        "00000000-0000-0000-0000-0000deadbeef has Owner on team4-txlookup-eh-kim-prod",
                        "00000000-0000-0000-0000-00000000feed has Sender on team4-txlookup-eh-kim-prod",
                        "api-3 has Secrets User on txlookup-cursor-secret",
                        "job-1 has Secrets User on source-password");
        assertThat(Evaluated.resources(profile))
                .extracting(TemplateEvaluation.Made::id)
                .filteredOn(id -> id.contains("/vaults/") && !id.contains("roleAssignments"))
                .extracting(id -> ArmId.of(id).name())
                .containsExactlyInAnyOrder("team4-tx-kv-kim-p", "txlookup-cursor-secret", "source-password");
        assertThat(resource(profile, AzureKind.EVENT_HUBS)
                        .path("disableLocalAuth")
                        .asBoolean())
                .isTrue();
        assertThat(Evaluated.resources(profile)).noneMatch(made -> made.id().contains("authorizationRules"));
        JsonNode scale =
                resource(profile, AzureKind.CONSUMER_APP).path("template").path("scale");
        assertThat(scale.path("minReplicas").asInt()).isEqualTo(2);
        assertThat(scale.path("maxReplicas").asInt()).isEqualTo(2);
        assertThat(scale.path("rules").size()).isZero();
        assertThat(Evaluated.layers(profile).stream()
                        .filter(layer -> layer.layer() == TemplateLayer.ACCESS)
                        .findFirst()
                        .orElseThrow()
                        .parameters()
                        .get("databasePassword")
                        .asString())
                .isEmpty();
    }

    private static String role(String definition) {
        return java.util.Map.of(
                        "7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull",
                        "4633458b-17de-408a-b874-0445c86b69e6", "Secrets User",
                        "a638d3c7-ab3a-418d-83e6-5f17a39d4fde", "Receiver",
                        "2b629674-e913-4c01-ae53-ef4638d8f975", "Sender",
                        "f526a384-b230-433a-b45c-95f59c4a2dec", "Owner")
                .getOrDefault(definition.substring(definition.lastIndexOf('/') + 1), definition);
    }

    /** MicrosoftDocs/azure-docs, container-apps/dns.md: nobody else makes the zone of an internal environment. */
    @Test
    void aPrivateContainerEnvironmentsDomainIsResolvedWithinItsNetwork() {
        Profile profile = Environments.profile("cloud-secure", "kim", "prod");
        List<TemplateEvaluation.Made> names = Evaluated.resources(profile).stream()
                .filter(made -> made.id().contains("/privateDnsZones/x.azurecontainerapps.io"))
                .toList();
        assertThat(names).hasSize(3);
        assertThat(names.toString()).contains("10.0.0.4", "x.azurecontainerapps.io/*", "/virtualNetworks/v\"");
        assertThat(Evaluated.resources(Environments.profile("cloud-test", "kim", "dev")))
                .noneMatch(made -> made.id().contains("privateDnsZones"));
    }

    @Test
    void aNetworkWhereNoneBelongsAndNoneWhereOneDoesAreRefused() {
        Profile test = Environments.profile("cloud-test", "kim", "dev");
        Profile secure = Environments.profile("cloud-secure", "kim", "prod");
        assertThatThrownBy(() -> new EnvironmentParameters(test, Environments.inputs(secure)))
                .hasMessageContaining("made private in place");
        assertThatThrownBy(() -> new EnvironmentParameters(secure, Environments.inputs(test)))
                .hasMessageContaining("--container-subnet");
        assertThatThrownBy(() -> new PrivateNetwork("", "x", null, "", "", "", ""))
                .hasMessageContaining("container-subnet, postgres-subnet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "txlookup", "registry.example/txlookup:latest", "registry.example/txlookup@sha256:12"})
    void anImageWithoutDigestIsRefused(String image) {
        assertThatThrownBy(() ->
                        new Inputs(image, "stage: local", Optional.empty(), "", "", List.of(), Optional.empty(), false))
                .hasMessageContaining("by digest");
    }

    private static JsonNode resource(Profile profile, AzureKind kind) {
        return Evaluated.resources(profile).stream()
                .filter(made -> ArmId.of(made.id()).name().equals(kind.name(profile.naming())))
                .filter(made -> made.body().path("type").asString().equals(kind.type()))
                .findFirst()
                .orElseThrow()
                .body()
                .path("properties");
    }

    /** The profile names the variables of all secrets. */
    private static String withoutProfile(JsonNode app) {
        tools.jackson.databind.node.ObjectNode copy = (tools.jackson.databind.node.ObjectNode) app.deepCopy();
        ((tools.jackson.databind.node.ArrayNode) copy.path("configuration").path("secrets"))
                .removeIf(secret -> secret.path("name").asString().startsWith("profile-"));
        return copy.toString();
    }

    private static Optional<JsonNode> variable(JsonNode container, String name) {
        return container
                .path("env")
                .valueStream()
                .filter(variable -> variable.path("name").asString().equals(name))
                .findFirst();
    }
}
