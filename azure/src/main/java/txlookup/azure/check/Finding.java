package txlookup.azure.check;

/**
 * One answer of the check.
 *
 * @param what was asked
 * @param holds whether an environment can be made, as far as this is concerned
 * @param seen what there is
 * @param next what to do where it does not hold
 */
public record Finding(String what, boolean holds, String seen, String next) {
    static Finding holds(String what, String seen) {
        return new Finding(what, true, seen, "");
    }

    static Finding missing(String what, String seen, String next) {
        return new Finding(what, false, seen, next);
    }
}
