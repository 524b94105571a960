package txlookup.rebuild.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.secrets.Secret;

class LocalSecretsTest {
    private static final String PASSWORD = "TXLOOKUP_DATABASE_PASSWORD";
    private static final String CURSOR = "TXLOOKUP_CURSOR_SECRET";

    @TempDir
    Path root;

    private LocalFolders folders;
    private LocalSecrets secrets;

    @BeforeEach
    void nameTheFolder() {
        folders = new LocalFolders(root);
        secrets = new LocalSecrets(folders, Map.of());
    }

    @Test
    void aSecretIsThereForItsOwnerAlone() throws Exception {
        secrets.makeMissing(List.of(PASSWORD));

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folders.secrets().resolve(PASSWORD))))
                .isEqualTo("rw-------");
        assertThat(folders.secrets()).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aSecretIsMadeOnceAndEachOneIsAnother() throws Exception {
        secrets.makeMissing(List.of(PASSWORD));
        String made = reveal(PASSWORD);
        secrets.makeMissing(List.of(PASSWORD, CURSOR));

        assertThat(made).matches("[0-9a-f]{48}");
        assertThat(reveal(PASSWORD)).isEqualTo(made);
        assertThat(reveal(CURSOR)).matches("[0-9a-f]{48}").isNotEqualTo(made);
        assertThat(new LocalSecrets(folders, Map.of()).find(PASSWORD)).contains(new Secret(made));
    }

    @Test
    void aVariableOfTheEnvironmentWinsAndThenNothingIsMade() throws Exception {
        secrets.makeMissing(List.of(PASSWORD));
        LocalSecrets given = new LocalSecrets(folders, Map.of(PASSWORD, "given", CURSOR, "given too"));

        given.makeMissing(List.of(PASSWORD, CURSOR));

        assertThat(given.find(PASSWORD)).contains(new Secret("given"));
        assertThat(folders.secrets().resolve(CURSOR)).doesNotExist();
    }

    @Test
    void isShownMasked() throws Exception {
        secrets.makeMissing(List.of(PASSWORD));

        assertThat(secrets.require(List.of(PASSWORD)).toString()).isEqualTo("{" + PASSWORD + "=********}");
        assertThat(secrets.describe()).doesNotContain(reveal(PASSWORD));
    }

    @Test
    void whatAKilledMakerLeftIsNotTakenForASecretAndIsNotInTheWay() throws Exception {
        Files.createDirectories(folders.secrets());
        Files.writeString(folders.secrets().resolve(PASSWORD + ".part"), "half");

        assertThat(secrets.find(PASSWORD)).isEmpty();
        secrets.makeMissing(List.of(PASSWORD));

        assertThat(reveal(PASSWORD)).matches("[0-9a-f]{48}");
    }

    @Test
    void aMissingSecretIsNamedWithWhereItWasLookedFor() {
        assertThatExceptionOfType(ProfileException.class)
                .isThrownBy(() -> secrets.require(List.of(CURSOR)))
                .withMessageContaining(CURSOR)
                .withMessageContaining(folders.secrets().toString());
    }

    @Test
    void aBlankFileIsNoSecret() throws Exception {
        Files.createDirectories(folders.secrets());
        Files.writeString(folders.secrets().resolve(PASSWORD), "\n");

        assertThat(secrets.find(PASSWORD)).isEmpty();
    }

    private String reveal(String name) {
        return secrets.find(name).orElseThrow().reveal();
    }
}
