package txlookup.azure.destroy.plan;

import java.util.List;

/** Whether what is destroyed can be made again: the extract can be reached, the log reaches back. */
public interface RebuildProbe {
    /** Looks, and changes nothing. */
    List<Finding> look();

    /**
     * One thing that was looked at.
     *
     * @param question what has to hold
     * @param seen what was seen
     * @param unblock what to do where it does not hold; empty where it does
     */
    record Finding(String question, boolean holds, String seen, String unblock) {}
}
