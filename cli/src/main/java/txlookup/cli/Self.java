package txlookup.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program starts itself again, for the local environment's processes. */
final class Self {
    private Self() {}

    /** The command line up to and without the command. */
    static List<String> command(ProfileOptions profile) {
        List<String> command = program();
        command.addAll(profile.arguments());
        return command;
    }

    /** The command line up to and without any argument. */
    static List<String> program() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:NewRatio=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dtxlookup.log=INFO"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return command;
    }
}
