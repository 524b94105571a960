package txlookup.cli.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this program starts itself again, for the local environment's processes. */
public final class LauncherCommand {
    private static final String MAIN = "txlookup.cli.Main";

    private LauncherCommand() {}

    /** The command line up to and without the command. */
    public static List<String> command(ProfileOptions profile) {
        List<String> command = program();
        command.addAll(profile.arguments());
        return command;
    }

    /** The command line up to and without any argument. */
    public static List<String> program() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:NewRatio=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dtxlookup.log=INFO"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        return command;
    }
}
