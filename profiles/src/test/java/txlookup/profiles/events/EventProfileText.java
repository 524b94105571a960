package txlookup.profiles.events;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of an event profile, to be changed by a test and written to its folder. */
final class EventProfileText {

    private EventProfileText() {}

    static String canonical() throws IOException {
        try (InputStream in = EventProfiles.class.getResourceAsStream("/txlookup/profiles/events/canonical-v1.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static String write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
