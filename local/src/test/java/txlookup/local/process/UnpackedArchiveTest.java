package txlookup.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class UnpackedArchiveTest {
    @TempDir
    Path cache;

    @Test
    void keepsContentExecutableBitsAndLinks() throws Exception {
        Path folder = cache.resolve("programs");

        UnpackedArchive.provide(folder, () -> stream(archive("bin/tool")));

        assertThat(folder.resolve("bin/tool")).hasContent("#!/bin/sh\n").isExecutable();
        assertThat(folder.resolve("lib/data")).hasContent("data");
        assertThat(Files.isExecutable(folder.resolve("lib/data"))).isFalse();
        assertThat(Files.readSymbolicLink(folder.resolve("lib/link"))).isEqualTo(Path.of("data"));
        assertThat(folder.resolve("lib/link")).hasContent("data");
    }

    @Test
    void isDoneOnce() {
        Path folder = cache.resolve("programs");
        UnpackedArchive.provide(folder, () -> stream(archive("bin/tool")));

        UnpackedArchive.provide(folder, () -> {
            throw new AssertionError("opened a second time");
        });

        assertThat(folder.resolve("bin/tool")).exists();
    }

    @Test
    void manyAtOnceGiveOneWholeFolderAndLeaveNothingElse() throws Exception {
        Path folder = cache.resolve("programs");
        byte[] archive = archive("bin/tool");

        List<CompletableFuture<Void>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(() -> UnpackedArchive.provide(folder, () -> stream(archive))))
                .toList();
        all.forEach(CompletableFuture::join);

        assertThat(folder.resolve("bin/tool")).exists();
        assertThat(entries()).containsExactly(folder);
    }

    @Test
    void aTornArchiveLeavesNoFolder() throws Exception {
        Path folder = cache.resolve("programs");
        byte[] whole = archive("bin/tool");
        byte[] torn = java.util.Arrays.copyOf(whole, whole.length - 60);

        assertThatThrownBy(() -> UnpackedArchive.provide(folder, () -> stream(torn)))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("cannot unpack to " + folder);

        assertThat(entries()).isEmpty();
    }

    @Test
    void refusesAnEntryThatPointsOutOfTheFolder() throws Exception {
        Path folder = cache.resolve("programs");

        assertThatThrownBy(() -> UnpackedArchive.provide(folder, () -> stream(archive("../escaped"))))
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("../escaped");

        assertThat(entries()).isEmpty();
    }

    @Test
    void removesWhatAKilledOneLeftLongAgoButNotWhatOneWorksOnNow() throws Exception {
        Path abandoned = Files.createDirectory(cache.resolve("programs.unpacking-1"));
        Path busy = Files.createDirectory(cache.resolve("programs.unpacking-2"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

        UnpackedArchive.provide(cache.resolve("programs"), () -> stream(archive("bin/tool")));

        assertThat(abandoned).doesNotExist();
        assertThat(busy).exists();
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            return entries.toList();
        }
    }

    private static InputStream stream(byte[] archive) {
        return new ByteArrayInputStream(archive);
    }

    private static byte[] archive(String program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new XZOutputStream(bytes, new LZMA2Options()))) {
            TarArchiveEntry link = new TarArchiveEntry("lib/link", TarConstants.LF_SYMLINK);
            link.setLinkName("data");
            put(tar, new TarArchiveEntry(program, true), 0755, "#!/bin/sh\n");
            put(tar, new TarArchiveEntry("lib/data"), 0644, "data");
            put(tar, link, 0777, "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, String content)
            throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setMode(mode);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
