package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;

/**
 * The line between backfill and stream. The source decides how the stream's start is found: files were read before the run
 * and say when, so the stream starts at that instant less {@code overlap}; a source that the run reads itself is read after
 * the log's ends are pinned.
 *
 * @param overlap how far before the reading of the files the stream starts; default 15 min
 * @param settling with a source that the run reads itself, how long to wait between pinning the stream's start and reading:
 *     at least what the source's longest transaction takes and by how much an event may precede its commit; 0 s in stage
 *     local, required with source jdbc in the cloud stages
 * @param margin retention that must be left when backfill and catch-up are done; default 2 h
 */
public record CutoverSettings(Duration overlap, Duration settling, Duration margin) {

    public CutoverSettings {
        Objects.requireNonNull(overlap, "overlap");
        Objects.requireNonNull(settling, "settling");
        Objects.requireNonNull(margin, "margin");
    }
}
