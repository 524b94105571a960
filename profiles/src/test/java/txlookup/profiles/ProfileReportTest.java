package txlookup.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.profiles.schema.ProfileProblem;

/** What a refused profile is told: everything at once, each with what was seen, what is wanted and its origin. */
class ProfileReportTest {

    private static final String MINIMAL = "stage: local\nnaming: {owner: kim, env: dev}\n";

    @TempDir
    Path folder;

    private LoadedProfiles loading;

    @BeforeEach
    void start() {
        loading = new LoadedProfiles(folder);
    }

    @Test
    void shortAndLongFormThatDisagreeAreRefused() {
        assertThat(loading.with("TXLOOKUP_OWNER", "kim")
                        .with("TXLOOKUP_NAMING_OWNER", "lee")
                        .refusal("local", LoadedProfiles.NO_FLAGS))
                .extracting(ProfileProblem::field, ProfileProblem::origin)
                .containsExactly(tuple(
                        "naming.owner",
                        "environment variable TXLOOKUP_NAMING_OWNER and environment variable TXLOOKUP_OWNER"));
    }

    @Test
    void everythingWrongIsReportedAtOnceWithWhereItCameFrom() throws IOException {
        String file = write("mine.yaml", """
                stage: cloud-test
                naming: {owner: kim, env: dev, ttl: 2026-02-30}
                region: koreacentral
                database: {passwordVariable: PW, password: hunter2}
                messaging: {security: SAS, client: {session.timeout.ms: 300000, heartbeat.interval.ms: soon}}
                events: {profile: canonical-v9}
                api: {cursorSecretVariable: CURSOR, auth: {mode: disabled}}
                """);

        List<ProfileProblem> problems = loading.with("TXLOOKUP_DATABASE_PORT", "99999")
                .with("TXLOOKUP_DATABSE_HOST", "db")
                .refusal(file, LoadedProfiles.flags("consumer.pollMaxRecords", "5001", "owner", "a-very-long-owner"));

        assertThat(problems)
                .extracting(problem -> problem.field() + " <- " + problem.origin())
                .containsExactlyInAnyOrder(
                        "naming.ttl <- file " + folder.resolve(file),
                        "database.password <- file " + folder.resolve(file),
                        "database.port <- environment variable TXLOOKUP_DATABASE_PORT",
                        "TXLOOKUP_DATABSE_HOST <- environment variable TXLOOKUP_DATABSE_HOST",
                        "messaging.client.session.timeout.ms <- file " + folder.resolve(file),
                        "messaging.client.heartbeat.interval.ms <- file " + folder.resolve(file),
                        "events.profile <- file " + folder.resolve(file),
                        "api.auth.mode <- file " + folder.resolve(file),
                        "consumer.pollMaxRecords <- flag --set consumer.pollMaxRecords",
                        "naming.owner <- flag --owner");
        assertThat(problems).extracting(ProfileProblem::line).noneMatch(line -> line.contains("hunter2"));
        assertThat(problems).extracting(ProfileProblem::line).anyMatch(line -> line.contains("TXLOOKUP_DATABASE_HOST"));
    }

    @Test
    void unknownPropertyAndADefaultThatBreaksARuleAreNamedAsSuch() throws IOException {
        String file = write("mine.yaml", "stage: local\nnaming: {owner: kim, env: dev}\nsecrets: {mod: environment}\n");

        assertThat(loading.refusal(file, LoadedProfiles.flags("consumer.batchMaxRecords", "10")))
                .extracting(ProfileProblem::line)
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("secrets.mod:").contains("perhaps secrets.mode", file),
                        line -> assertThat(line)
                                .isEqualTo("consumer.pollMaxRecords: saw 5000,"
                                        + " wanted at most consumer.batchMaxRecords, which is 10 (default)"));
    }

    @Test
    void problemSaysWhatWasSeenWhatIsWantedAndWhereItCameFrom() {
        assertThat(loading.with("TXLOOKUP_DATABASE_PORT", "many").refusal("local", LoadedProfiles.NO_FLAGS))
                .extracting(ProfileProblem::line)
                .containsExactly("database.port: saw \"many\", wanted a whole number from 1 to 65535"
                        + " (environment variable TXLOOKUP_DATABASE_PORT)");
    }

    @Test
    void secretGivenInPlaceOfItsNameIsNotRepeated() {
        assertThat(loading.refusal(
                        "local",
                        LoadedProfiles.flags(
                                "database.passwordVariable", "hunter2",
                                "backfill.jdbc.url", "jdbc:postgresql://me:hunter2@host/db")))
                .hasSize(2)
                .extracting(ProfileProblem::line)
                .noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void emptyValueIsAProblemAndNotADefault() {
        assertThat(loading.with("TXLOOKUP_API_PORT", "")
                        .with("TXLOOKUP_OWNER", "")
                        .refusal("local", LoadedProfiles.flags("env", "  ", "database.host", " ")))
                .extracting(ProfileProblem::field)
                .containsExactlyInAnyOrder("api.port", "naming.owner", "naming.env", "database.host");
    }

    @Test
    void blanksAndControlCharactersAroundAValueAreAProblem() {
        assertThat(loading.with("TXLOOKUP_OWNER", "kim\n")
                        .with("TXLOOKUP_DATABASE_HOST", "db\n")
                        .with("TXLOOKUP_REGION", "koreacentral\n")
                        .with("TXLOOKUP_AUDIT_RETENTION", "5d\n")
                        .with("TXLOOKUP_STAGE", "local\n")
                        .with("TXLOOKUP_API_PORT", "8080\n")
                        .refusal("local", LoadedProfiles.flags("database.user", " me", "local.dataFolder", "a\0b")))
                .extracting(ProfileProblem::field)
                .containsExactlyInAnyOrder(
                        "naming.owner",
                        "database.host",
                        "region",
                        "audit.retention",
                        "stage",
                        "api.port",
                        "database.user",
                        "local.dataFolder");
    }

    @Test
    void valueOfAnotherTypeInTheFileIsAProblem() throws IOException {
        assertThat(loading.refusal(write("mine.yaml", """
                                stage: local
                                naming: {owner: 2026, env: true}
                                database: {port: 5432.0, host: , poolSize: "10"}
                                messaging: {client: {request.timeout.ms: 6e4}, producer: {enable.idempotence: "true"}}
                                """), LoadedProfiles.NO_FLAGS))
                .extracting(ProfileProblem::field)
                .containsExactlyInAnyOrder(
                        "naming.owner",
                        "naming.env",
                        "database.port",
                        "database.host",
                        "database.poolSize",
                        "messaging.client.request.timeout.ms",
                        "messaging.producer.enable.idempotence");
    }

    @Test
    void aliasInTheFileIsAProblem() throws IOException {
        String file = write("mine.yaml", "stage: local\nnaming: {owner: &x kim, env: *x}\n");

        assertThat(loading.refusal(file, LoadedProfiles.NO_FLAGS))
                .extracting(ProfileProblem::seen)
                .containsExactly("an alias (*name)");
    }

    @Test
    void urlThatIsNoUrlIsAProblem() {
        assertThat(loading.refusal("local", LoadedProfiles.flags("api.auth.issuer", "https://a/%zz")))
                .extracting(ProfileProblem::field)
                .containsExactly("api.auth.issuer");
    }

    @Test
    void sectionThatIsNoSectionIsOneProblemEach() throws IOException {
        assertThat(loading.refusal(write("mine.yaml", MINIMAL + "database: 5\nmessaging:\n"), LoadedProfiles.NO_FLAGS))
                .extracting(ProfileProblem::field)
                .containsExactlyInAnyOrder("database", "messaging");
    }

    @Test
    void unknownNameIsRefusedWithTheNamesThatExist() {
        assertThat(loading.refusal("staging", LoadedProfiles.NO_FLAGS))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.line()).contains("staging", "local", "cloud-test", "cloud-secure"));
    }

    private String write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return name;
    }
}
