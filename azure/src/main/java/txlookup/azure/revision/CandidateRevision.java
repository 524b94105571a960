package txlookup.azure.revision;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * A revision that a template makes beside the one that answers. It gets the requests once it is accepted, and stops when it
 * is rejected. Where the app is new, or the revision answers already, there is nothing to move.
 */
public final class CandidateRevision {
    private final AppRevisions revisions;
    private final String name;
    private final @Nullable Traffic before;

    private CandidateRevision(AppRevisions revisions, String name, @Nullable Traffic before) {
        this.revisions = revisions;
        this.name = name;
        this.before = before;
    }

    /** Holds the traffic where it is: with "the latest" as its target, a new revision would have everything at once. */
    public static CandidateRevision beside(AppRevisions revisions, String suffix)
            throws IOException, InterruptedException {
        String name = revisions.name() + "--" + suffix;
        if (!revisions.isThere()) {
            return new CandidateRevision(revisions, name, null);
        }
        Traffic before = revisions.traffic().without(name);
        revisions.route(before);
        return new CandidateRevision(revisions, name, before);
    }

    public String name() {
        return name;
    }

    /** What the app is deployed with; empty for a new app, whose traffic can name no revision. */
    public Optional<ArrayNode> traffic() {
        if (before == null) {
            return Optional.empty();
        }
        Traffic beside = answersAlready() ? before : before.and(Traffic.CANDIDATE, name);
        return Optional.of(beside.body());
    }

    private boolean answersAlready() {
        return before != null && before.serving().equals(name);
    }

    /** Azure takes a suffix that was used and starts nothing. */
    public void start() throws IOException, InterruptedException {
        if (revisions.find(name).filter(there -> !there.active()).isPresent()) {
            revisions.activate(name);
        }
    }

    /** It answers from now on; what answered before is the way back. */
    public void accept() throws IOException, InterruptedException {
        if (before != null && !answersAlready()) {
            revisions.route(Traffic.to(name).and(Traffic.PREVIOUS, before.serving()));
            revisions.stopAllBut(name, before.serving());
        }
    }

    /** What answered before goes on alone. */
    public void reject() throws IOException, InterruptedException {
        if (before != null && !answersAlready()) {
            revisions.route(before);
            revisions.deactivate(name);
        }
    }
}
