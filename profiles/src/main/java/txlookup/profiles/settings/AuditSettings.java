package txlookup.profiles.settings;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How long the audit of lookups is kept, and where it is exported to.
 *
 * @param retention how long the store keeps a month after its end; it stays longer while it is not exported; default 400 d
 * @param exportTo a folder, or the https address of a container of blobs with a folder in it; absent, {@code --to} says
 *     it
 */
public record AuditSettings(Duration retention, Optional<String> exportTo) {

    public AuditSettings {
        Objects.requireNonNull(retention, "retention");
        Objects.requireNonNull(exportTo, "exportTo");
    }
}
