package txlookup.rebuild.platform;

/**
 * One gate's verdict with its evidence.
 *
 * @param gate what was judged
 * @param passed whether it held; a gate that could not be measured did not
 * @param measured what was seen, with sample size
 * @param wanted what had to be seen
 */
public record GateResult(String gate, boolean passed, String measured, String wanted) {}
