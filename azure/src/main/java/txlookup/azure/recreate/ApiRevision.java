package txlookup.azure.recreate;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.azure.inventory.AzureKind;
import txlookup.azure.revision.AppRevisions;
import txlookup.azure.revision.CandidateRevision;
import txlookup.azure.revision.RevisionReadiness;
import txlookup.azure.template.AppsPart;
import txlookup.azure.template.EnvironmentParameters;
import txlookup.profiles.naming.GenerationNumber;
import txlookup.profiles.secrets.Secret;

/** A rebuild's lookup API: judged under its own address, beside the revision that answers until the rebuild is GO. */
final class ApiRevision {
    private final EnvironmentParameters parameters;
    private final EnvironmentResources resources;
    private final ContainerParts parts;
    private final AppRevisions revisions;
    private final RevisionReadiness readiness;
    private @Nullable CandidateRevision candidate;
    private @Nullable URI address;

    ApiRevision(
            EnvironmentParameters parameters,
            EnvironmentResources resources,
            ContainerParts parts,
            AppRevisions revisions,
            RevisionReadiness readiness) {
        this.parameters = parameters;
        this.resources = resources;
        this.parts = parts;
        this.revisions = revisions;
        this.readiness = readiness;
    }

    /** @return where it answers, whatever traffic it has */
    URI start(GenerationNumber generation, Map<String, Secret> secrets, Duration longest)
            throws IOException, InterruptedException {
        CandidateRevision made =
                CandidateRevision.beside(revisions, parameters.revisionSuffix(AppsPart.API, generation));
        candidate = made;
        parts.deploy(
                AppsPart.API,
                secrets,
                generation,
                resources.profilesInUse(AzureKind.API_APP, revisions),
                made.traffic());
        made.start();
        address = readiness.await(made.name(), longest);
        return address;
    }

    /** Where it answers; it was started. */
    URI address() {
        if (address == null) {
            throw new IllegalStateException("the lookup API is asked for before step 6 started it");
        }
        return address;
    }

    /** Callers get it from now on. */
    void accept() throws IOException, InterruptedException {
        if (candidate != null) {
            candidate.accept();
        }
    }

    /** Callers keep what they had. */
    void reject() throws IOException, InterruptedException {
        if (candidate != null) {
            candidate.reject();
        }
    }
}
