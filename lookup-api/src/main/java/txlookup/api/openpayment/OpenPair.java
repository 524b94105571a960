package txlookup.api.openpayment;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment of which one side is here.
 *
 * @param since event time of its oldest leg
 * @param missing the side that is not here: PAYMENT or RECEIVE
 * @param txId the oldest leg
 * @param merchantName of its order; in the console and in CSV
 */
public record OpenPair(
        String orderId,
        Instant since,
        long ageSec,
        String missing,
        String txId,
        String walletId,
        String amount,
        @JsonIgnore @Nullable String merchantName) {}
