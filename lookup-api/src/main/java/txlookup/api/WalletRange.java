package txlookup.api;

import java.time.Instant;
import java.util.Optional;

/** Which of a wallet's entries are asked for; both ends are inclusive. */
record WalletRange(String walletId, Optional<Instant> from, Optional<Instant> to) {}
