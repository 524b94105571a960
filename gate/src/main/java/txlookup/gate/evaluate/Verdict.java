package txlookup.gate.evaluate;

/** What the gate says about one objective, best first. */
public enum Verdict {
    /** It holds, and the sample is large enough to say so. */
    PASS,
    /** It holds, but a sample a little different would not; or an optional objective does not; or there may be no data. */
    WARN,
    /** Nothing, or too little, was seen to judge by. It is no pass. */
    NO_DATA,
    /** It does not hold. */
    FAIL
}
