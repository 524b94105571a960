package txlookup.rebuild.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFoldersTest {
    @TempDir
    Path parent;

    private LocalFolders folders;

    @BeforeEach
    void nameTheFolder() {
        folders = new LocalFolders(parent.resolve("data"));
    }

    @Test
    void aFolderIsMadeAndMarked() throws Exception {
        folders.make();
        folders.make();

        assertThat(folders.isMarked()).isTrue();
    }

    @Test
    void anEmptyFolderIsTaken() throws Exception {
        Files.createDirectory(folders.root());

        folders.make();

        assertThat(folders.isMarked()).isTrue();
    }

    @Test
    void aFolderWithSomethingElseInItIsRefusedAndLeftAsItIs() throws Exception {
        Files.createDirectory(folders.root());
        Path thesis = Files.writeString(folders.root().resolve("thesis.txt"), "years of work");

        assertThatIOException()
                .isThrownBy(folders::make)
                .withMessageContaining(folders.root().toString())
                .withMessageContaining("local.dataFolder");
        folders.deleteAll();

        assertThat(folders.isMarked()).isFalse();
        assertThat(thesis).hasContent("years of work");
    }

    @Test
    void aMarkedFolderIsDeletedWithAllThatIsInIt() throws Exception {
        folders.make();
        write(folders.log("consumer"));
        write(folders.postgres().resolve("base/1/2"));

        folders.deleteAll();
        folders.deleteAll();

        assertThat(folders.root()).doesNotExist();
    }

    @Test
    void aLinkOutOfTheFolderIsDeletedAndNotFollowed() throws Exception {
        folders.make();
        Path outside = Files.writeString(
                Files.createDirectory(parent.resolve("outside")).resolve("kept"), "kept");
        Files.createSymbolicLink(folders.root().resolve("link"), outside.getParent());

        folders.deleteAll();

        assertThat(folders.root()).doesNotExist();
        assertThat(outside).hasContent("kept");
    }

    @Test
    void deletingTheDataKeepsEvidenceAndLogs() throws Exception {
        folders.make();
        Path evidence = write(folders.evidence().resolve("1/rebuild.md"));
        Path log = write(folders.log("api"));
        write(folders.postgres().resolve("PG_VERSION"));
        write(folders.kafka().resolve("meta.properties"));
        write(folders.extract(1).resolve("orders.ndjson"));
        write(folders.secrets().resolve("PASSWORD"));
        write(folders.journal());

        folders.deleteData();

        assertThat(evidence).exists();
        assertThat(log).exists();
        assertThat(folders.isMarked()).isTrue();
        assertThat(folders.postgres()).doesNotExist();
        assertThat(folders.kafka()).doesNotExist();
        assertThat(folders.extract(1).getParent()).doesNotExist();
        assertThat(folders.secrets()).doesNotExist();
        assertThat(folders.journal()).doesNotExist();
    }

    private static Path write(Path file) throws Exception {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "something");
    }
}
