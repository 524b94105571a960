package txlookup.azure.arm;

import java.time.Instant;

/**
 * One request as it went; part of the evidence.
 *
 * @param status HTTP status; 0 when no answer came
 * @param correlation Azure's correlation id; empty where it gave none
 * @param note the error's code, or what went wrong on the way; empty for success
 */
public record ArmCall(
        Instant at, String method, String path, int status, long millis, String correlation, String note) {}
