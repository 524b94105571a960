package txlookup.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    @TempDir
    Path home;

    @Test
    void isInTheHomeOfAUser() {
        assertThat(CacheFolder.of("someone", home, Map.of()))
                .isEqualTo(home.resolve(".cache/txlookup"))
                .isDirectory();
    }

    @Test
    void isWhereTheUserSays() {
        assertThat(CacheFolder.of(
                        "someone",
                        home,
                        Map.of("XDG_CACHE_HOME", home.resolve("elsewhere").toString())))
                .isEqualTo(home.resolve("elsewhere/txlookup"))
                .isDirectory();
    }

    @Test
    void aRelativeOneIsIgnoredAsItsStandardSays() {
        assertThat(CacheFolder.of("someone", home, Map.of("XDG_CACHE_HOME", "relative")))
                .isEqualTo(home.resolve(".cache/txlookup"));
    }

    @Test
    void isReachableByAllUsersWhenRootAsks() {
        assumeTrue(System.getProperty("user.name").equals("root"), "root is needed");

        assertThat(CacheFolder.of("root", home, Map.of())).isEqualTo(Path.of("/var/cache/txlookup"));
    }
}
