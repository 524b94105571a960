package txlookup.azure.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.azure.arm.ArmClient;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.destroy.policy.Target;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.template.Environments;
import txlookup.profiles.Profile;
import txlookup.profiles.secrets.Secret;

/** What is missing before the first run is listed, all of it, and nothing is changed. */
@Timeout(60)
class FirstRunCheckIT {
    private static final Profile PROFILE = Environments.profile("cloud-test", "kim", "dev");

    private FakeAzure azure;

    @BeforeEach
    void start() throws Exception {
        azure = FakeAzure.start(0, new FakeAzure.Slowness(1, 0, 1, 0, 5));
    }

    @AfterEach
    void stop() {
        azure.close();
    }

    @Test
    void aSubscriptionThatIsReadyHasNothingMissing() throws Exception {
        assertThat(check()).isNotEmpty().allMatch(Finding::holds);
        assertThat(azure.requests())
                .allMatch(request -> request.startsWith("GET ") || request.endsWith("/checkNameAvailability"));
    }

    @Test
    void everythingThatIsMissingIsListedWithWhatToDo() throws Exception {
        azure.arrange(world -> world.unregister("Microsoft.App")
                .allow("Microsoft.Resources/*", "Microsoft.App/*", "Microsoft.Authorization/*/read")
                .taken("team4-txlookup-eh-kim-dev")
                .containerEnvironments(15));
        assertThat(check())
                .filteredOn(finding -> !finding.holds())
                .extracting(Finding::what)
                .containsExactly(
                        "provider Microsoft.App",
                        "permissions",
                        "name team4-txlookup-eh-kim-dev",
                        "quota of container environments in koreacentral");
        assertThat(check())
                .filteredOn(finding -> finding.what().equals("permissions"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.seen())
                        .contains(
                                "Microsoft.Authorization/roleAssignments/write", "Microsoft.EventHub/namespaces/write")
                        .doesNotContain("Microsoft.Authorization/locks/read", "Microsoft.App/"));
    }

    @Test
    void anEnvironmentsOwnNamesAreNotTaken() throws Exception {
        azure.arrange(world -> world.environment(PROFILE.naming(), "2026-12-31"));
        assertThat(check()).allMatch(Finding::holds);
    }

    @ParameterizedTest
    @CsvSource({
        "only-for-practice, false",
        "Only-for-practice1, true",
        "Sh0rt!, false",
        "MyTxlookup-2026, false",
        "hunter2-hunter2, true"
    })
    void aPasswordThatAzureRefusesIsRefusedBeforeItIsAsked(String password, boolean taken) {
        Optional<String> refusal = AdministratorPassword.refusal(new Secret(password), "txlookup");
        assertThat(refusal.isEmpty()).isEqualTo(taken);
        assertThat(refusal.orElse("")).doesNotContain(password);
    }

    @Test
    void aTokenOfTheOtherVersionOrWithoutRolesIsNamedAndNotShown() {
        String issuer = "https://login.microsoftonline.com/t/v2.0";
        String ofVersion1 =
                jwt("{\"iss\":\"https://sts.windows.net/t/\",\"aud\":\"api://txlookup\",\"roles\":[\"ADMIN_READ\"]}");
        Finding refused = LookupToken.check(() -> Optional.of(ofVersion1), issuer, "txlookup");
        assertThat(refused.holds()).isFalse();
        assertThat(refused.seen())
                .contains("iss is https://sts.windows.net/t/", "aud is api://txlookup", "role ADMIN_OPERATE")
                .doesNotContain("role ADMIN_READ", ofVersion1);
        String good = jwt(
                "{\"iss\":\"%s\",\"aud\":\"txlookup\",\"roles\":[\"ADMIN_OPERATE\",\"ADMIN_READ\"]}".formatted(issuer));
        assertThat(LookupToken.check(() -> Optional.of(good), issuer, "txlookup")
                        .holds())
                .isTrue();
        assertThat(LookupToken.check(() -> Optional.of("secret"), issuer, "txlookup")
                        .seen())
                .doesNotContain("secret");
    }

    private static String jwt(String claims) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".x";
    }

    private List<Finding> check() throws Exception {
        ArmClient client = new ArmClient(
                azure.endpoint(),
                Optional::empty,
                Sleeper.real(),
                new ArmClient.Limits(Duration.ofSeconds(5), Duration.ofMinutes(1)),
                call -> {});
        return new FirstRunCheck(client, Target.of(FakeAzure.SUBSCRIPTION, PROFILE), PROFILE, false).run();
    }
}
