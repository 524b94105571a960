package txlookup.api.openpayment;

import java.time.Instant;

/**
 * A payment of which one side is here.
 *
 * @param since event time of its oldest leg
 * @param missing the side that is not here: PAYMENT or RECEIVE
 * @param txId the oldest leg
 */
public record OpenPair(
        String orderId, Instant since, long ageSec, String missing, String txId, String walletId, String amount) {}
