package txlookup.rebuild.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;

class LocalEnvironmentTest {
    @TempDir
    Path root;

    private Profile profile;

    @BeforeEach
    void load() {
        profile = ProfileLoader.ofThisProcess().load("local", Map.of("local.dataFolder", root.toString()));
    }

    @Test
    void whileOneStartsOrStopsItNobodyRebuildsIt() throws Exception {
        try (LocalEnvironment whole = new LocalEnvironment(profile, List.of())) {
            assertThat(whole.journal()).isEmpty();
            assertThatThrownBy(() -> LocalEnvironment.toRebuild(profile, List.of()))
                    .isInstanceOf(LocalEnvironmentException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        LocalEnvironment.toRebuild(profile, List.of()).close();
    }

    @Test
    void aDemoThatOnlyKeepsTrafficFlowingLetsItBeRebuiltAndStopsNothingMeanwhile() throws Exception {
        try (LocalEnvironment demo = new LocalEnvironment(profile, List.of())) {
            demo.letOthersRebuild();
            try (LocalEnvironment rebuild = LocalEnvironment.toRebuild(profile, List.of())) {
                assertThat(rebuild.journal()).isEmpty();
                assertThatThrownBy(demo::takeBack).isInstanceOf(LocalEnvironmentException.class);
                assertThatThrownBy(() -> new LocalEnvironment(profile, List.of()))
                        .isInstanceOf(LocalEnvironmentException.class);
            }
            demo.takeBack();
            assertThatThrownBy(() -> LocalEnvironment.toRebuild(profile, List.of()))
                    .isInstanceOf(LocalEnvironmentException.class);
        }
    }

    @Test
    void oneThatIsRebuiltIsNotStartedOrStoppedAndIsFreeAfterTheRefusal() throws Exception {
        LocalEnvironment rebuild = LocalEnvironment.toRebuild(profile, List.of());
        assertThatThrownBy(() -> new LocalEnvironment(profile, List.of()))
                .isInstanceOf(LocalEnvironmentException.class);
        rebuild.close();

        new LocalEnvironment(profile, List.of()).close();
    }
}
