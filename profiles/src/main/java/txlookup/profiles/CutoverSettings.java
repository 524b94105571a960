package txlookup.profiles;

import java.time.Duration;
import java.util.Objects;

/**
 * The line between backfill and stream.
 *
 * @param anchor how the stream's start is found; default {@link CutoverAnchor#POSITION}
 * @param overlap how far before the cutover the stream starts with {@link CutoverAnchor#TIME}; default 15 min
 * @param settling how long to wait with {@link CutoverAnchor#POSITION} between pinning the stream's start and reading the
 *     source: at least what the source's longest transaction takes and by how much an event may precede its commit;
 *     default 0 s, enough where events are published after their commit
 * @param margin retention that must be left when backfill and catch-up are done; default 2 h
 */
public record CutoverSettings(CutoverAnchor anchor, Duration overlap, Duration settling, Duration margin) {

    public CutoverSettings {
        Objects.requireNonNull(anchor, "anchor");
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(settling, "settling");
        Objects.requireNonNull(margin, "margin");
    }
}
