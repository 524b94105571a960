package txlookup.azure.destroy.run;

import java.time.Duration;

/**
 * How long a destruction waits.
 *
 * @param resource for one resource from its first request to its absence; a container environment takes 5 to 13 minutes
 *     and more (docs/azure-facts.md, B)
 * @param pause between two looks where Azure does not say
 * @param looksForVault how often a deleted vault is looked for before it is taken to have left nothing
 */
public record Patience(Duration resource, Duration pause, int looksForVault) {
    /** An hour for each, 5 s between looks, a minute for a deleted vault to show. */
    public static Patience usual() {
        return new Patience(Duration.ofHours(1), Duration.ofSeconds(5), 12);
    }
}
