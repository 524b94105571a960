package txlookup.azure.revision;

import java.net.URI;
import java.util.List;
import txlookup.rebuild.platform.GateResult;

/** What a revision is put before. */
public interface RevisionJudge {
    /** Looks up a hit and a miss: seconds. */
    List<GateResult> smoke(URI api) throws Exception;

    /** Observes it against the objectives: minutes. */
    List<GateResult> objectives(URI api) throws Exception;
}
