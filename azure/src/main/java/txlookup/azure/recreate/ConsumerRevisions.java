package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import txlookup.azure.arm.ArmException;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.revision.AppRevisions;
import txlookup.azure.revision.Revision;
import txlookup.azure.revision.RevisionReadiness;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;

/**
 * The consumers: each generation has a revision of its own, beside those of the generations that serve or are the way
 * back. Revisions of other generations stop.
 */
final class ConsumerRevisions {
    private static final Pattern GENERATION = Pattern.compile(".*--g(\\d+)-[0-9a-f]+");

    private final EnvironmentResources resources;
    private final ContainerParts parts;
    private final AppRevisions revisions;
    private final RevisionReadiness readiness;

    ConsumerRevisions(
            EnvironmentResources resources, ContainerParts parts, AppRevisions revisions, RevisionReadiness readiness) {
        this.resources = resources;
        this.parts = parts;
        this.revisions = revisions;
        this.readiness = readiness;
    }

    /**
     * Starts a generation's, and stops those that nobody needs.
     *
     * @param inUse whether answers, or their way back, come from a generation
     * @return where it answers
     */
    URI start(GenerationNumber generation, Map<String, Secret> secrets, LongPredicate inUse, Duration longest)
            throws IOException, InterruptedException {
        String suffix = parts.deploy(
                AppsPart.CONSUMER,
                secrets,
                generation,
                resources.profilesInUse(AzureKind.CONSUMER_APP, revisions),
                Optional.empty());
        String started = resources.id(AzureKind.CONSUMER_APP).name() + "--" + suffix;
        if (revisions.find(started).filter(there -> !there.active()).isPresent()) {
            revisions.activate(started);
        }
        URI address = readiness.await(started, longest);
        for (Revision other : revisions.list()) {
            Matcher of = GENERATION.matcher(other.name());
            boolean needed = of.matches()
                    && Long.parseLong(of.group(1)) != generation.value()
                    && inUse.test(Long.parseLong(of.group(1)));
            if (other.active() && !other.name().equals(started) && !needed) {
                revisions.deactivate(other.name());
            }
        }
        return address;
    }

    /** Where a generation's consumer answers. */
    URI address(long generation) throws IOException, InterruptedException {
        return address(revisions, generation);
    }

    static URI address(AppRevisions revisions, long generation) throws IOException, InterruptedException {
        String mark = "--" + EnvironmentParameters.revisionsOf(generation);
        for (Revision one : revisions.list()) {
            if (one.active() && one.name().contains(mark)) {
                return RevisionReadiness.address(one.fqdn());
            }
        }
        throw new ArmException(
                "generation %d has no consumer revision that is active; begin a new rebuild".formatted(generation));
    }
}
