package txlookup.rebuild.steps;

/** When a rebuilt generation becomes what serves. */
public enum SwitchWhen {
    /** As soon as the rebuild is decided GO. */
    WHEN_GO,
    /** Not by the rebuild: it stays READY until somebody switches to it. */
    NEVER
}
