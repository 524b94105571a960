package txlookup.cli.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The objectives of the project, judged by as few values as a few seconds give, and wide enough for a machine that does
 * something else meanwhile: what is tested is the way to a verdict, not this machine.
 */
public final class WideObjectives {
    private WideObjectives() {}

    public static Path write(Path file) throws IOException {
        String shipped = Files.readString(Path.of("..", "profiles", "slo", "default.yaml"));
        String wide = shipped.replace("op: lt, value: 0.2,", "op: lt, value: 5,")
                .replace("op: lt, value: 5, target: 0.95", "op: lt, value: 30, target: 0.95");
        assertThat(wide).isNotEqualTo(shipped);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, wide.replaceAll("minimum-sample: \"\\d+\"", "minimum-sample: \"10\""));
    }
}
