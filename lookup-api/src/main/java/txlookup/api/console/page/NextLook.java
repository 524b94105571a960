package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * When a page that waits for something looks again by itself: each second at first, then each tenth. Every look is audited,
 * so a page that somebody forgot stops after some ten minutes.
 *
 * @param look how many looks there were, that one included
 * @param trigger htmx's words for when
 */
public record NextLook(long look, String trigger) {
    static final long EACH_SECOND = 60;
    static final long MOST = 120;

    /** Null when it does not look again. */
    public static @Nullable NextLook of(HttpServletRequest request, boolean waits) {
        long look = new Fields(request).number("look").orElse(0L);
        if (!waits || look >= MOST) {
            return null;
        }
        return new NextLook(look + 1, look < EACH_SECOND ? "every 1s" : "every 10s");
    }
}
