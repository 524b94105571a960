package txlookup.rebuild.evidence;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What rebuilt: kept with the evidence.
 *
 * @param version of the jar; null when it runs from a source tree
 * @param gitSha the commit that it was built from, where {@code TXLOOKUP_GIT_SHA} or {@code GITHUB_SHA} tells; null elsewhere
 */
public record Build(@Nullable String version, @Nullable String gitSha, String java, String system) {
    public static Build ofThisProcess(Map<String, String> environment) {
        String sha = Stream.of("TXLOOKUP_GIT_SHA", "GITHUB_SHA")
                .map(environment::get)
                .filter(value -> value != null && value.matches("[0-9a-f]{7,64}"))
                .findFirst()
                .orElse(null);
        return new Build(
                Build.class.getPackage().getImplementationVersion(),
                sha,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
