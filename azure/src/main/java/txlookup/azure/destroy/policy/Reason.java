package txlookup.azure.destroy.policy;

/**
 * One reason of a verdict.
 *
 * @param text with what was seen, for people
 */
public record Reason(ReasonCode code, String text) {}
