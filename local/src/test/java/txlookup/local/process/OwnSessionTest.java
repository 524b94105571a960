package txlookup.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnSessionTest {
    private static final Duration DEFINITELY_TOO_SLOW = Duration.ofSeconds(30);

    @Test
    void perlMakesTheSessionWhereThereIsNoSetsid() {
        Optional<Path> perl = OwnSession.program("perl");
        assumeTrue(perl.isPresent(), "perl is needed");
        List<String> command =
                new ArrayList<>(OwnSession.prefix(name -> name.equals("perl") ? perl : Optional.empty()));
        command.addAll(List.of("/bin/sh", "-c", "echo $$ `ps -o sess= -p $$`"));

        String[] processAndSession =
                Command.run(command, DEFINITELY_TOO_SLOW).output().strip().split(" +", -1);

        assertThat(processAndSession).hasSize(2);
        assertThat(processAndSession[1]).isEqualTo(processAndSession[0]);
    }

    @Test
    void withoutEitherTheCommandRunsAsItIs() {
        assertThat(OwnSession.prefix(name -> Optional.empty())).isEmpty();
    }
}
