package txlookup.api.query;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a payment order's free-text status amounts to (docs/contract.md, Lookup API). */
public enum StatusGroup {
    SUCCESS,
    FAIL,
    IN_PROGRESS,
    UNKNOWN;

    /** The group of a status, whatever its case and the blanks around it. */
    public static StatusGroup of(@Nullable String status) {
        if (status == null) {
            return UNKNOWN;
        }
        return switch (status.strip().toUpperCase(Locale.ROOT)) {
            case "SETTLED", "COMPLETED", "SUCCESS", "SUCCEEDED", "PAID" -> SUCCESS;
            case "FAILED", "CANCELLED", "CANCELED", "REJECTED", "DECLINED" -> FAIL;
            case "CREATED", "PENDING", "PROCESSING", "AUTHORIZED" -> IN_PROGRESS;
            default -> UNKNOWN;
        };
    }
}
