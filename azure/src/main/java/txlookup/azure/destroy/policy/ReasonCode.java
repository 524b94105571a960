package txlookup.azure.destroy.policy;

/** Why something is kept, or, the last two, destroyed (docs/policy.md, Guardrails). */
public enum ReasonCode {
    ID_UNREADABLE,
    LISTED_TWICE,
    OTHER_SUBSCRIPTION,
    STAGE_NOT_DISPOSABLE,
    DEPLOYED_AS_ANOTHER,
    DATABRICKS,
    MANAGED,
    GROUP_MANAGED,
    DENIED,
    LOCKED,
    NAME_NOT_OURS,
    NAME_OF_ANOTHER,
    TYPE_IS_ANOTHER,
    UNTAGGED,
    TAG_MISSING,
    TAG_AMBIGUOUS,
    TAG_DIFFERS,
    TTL_UNREADABLE,
    TTL_AHEAD,
    GROUP_UNKNOWN,
    GROUP_OF_ANOTHER,
    HOLDS_FOREIGN,
    PART_OF_ANOTHER,
    NOT_BESIDE_OURS,
    GROUP_HOLDS_KEPT,
    OURS_BY_NAME_AND_TAGS,
    AUTO_CREATED
}
