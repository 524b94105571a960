package txlookup.gate.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * The verdict on one objective, or on one label value of it.
 *
 * @param objective its name in the file
 * @param each the label value judged, such as a route; null where there is but one
 * @param sample how many values were judged
 * @param measured what was seen, for people
 * @param wanted what would pass, for people
 * @param spread null where nothing is spread: a share, or no data
 * @param reason why it is not a pass; null for a pass
 */
public record SloResult(
        String objective,
        @Nullable String each,
        String title,
        String group,
        Verdict verdict,
        long sample,
        String measured,
        String wanted,
        @Nullable QuantileBounds spread,
        @Nullable String reason,
        boolean optional,
        boolean proof) {
    /** Name and label value, as reports show them. */
    public String name() {
        return each == null ? objective : objective + " " + each;
    }
}
