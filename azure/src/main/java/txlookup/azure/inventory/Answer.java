package txlookup.azure.inventory;

import java.net.URI;
import java.time.Duration;

/** What Azure answers when something is to be deleted, or when it is asked how far it is. */
public sealed interface Answer {
    /** It is done, or there was nothing to do. */
    record Done() implements Answer {}

    /** It goes on; ask there, not before that long. */
    record Running(URI operation, Duration delay) implements Answer {}

    /** Azure knows nothing of it: gone, or never there. */
    record Unknown() implements Answer {}

    /** Not now; after that long. */
    record Later(Duration delay, String why) implements Answer {}

    /** Nobody knows whether it was taken up. */
    record Unclear(String why) implements Answer {}

    /** No, for a reason that does not pass by itself. */
    record Refused(String code, String why) implements Answer {}
}
