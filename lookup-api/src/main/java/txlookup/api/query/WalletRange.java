package txlookup.api.query;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which of a wallet's entries are asked for; both ends are inclusive. */
public record WalletRange(String walletId, Optional<Instant> from, Optional<Instant> to) {
    /** What a cursor of this list is signed for. */
    public List<String> scope() {
        return List.of(walletId, text(from), text(to));
    }

    private static String text(Optional<Instant> bound) {
        return bound.map(Instant::toString).orElse("");
    }
}
