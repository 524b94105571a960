package txlookup.api;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The query of a wallet's list, read and checked. A parameter without a value counts as absent. */
record WalletQuery(WalletRange range, int limit, Optional<Cursor> after) {
    /** @throws ProblemException 400, naming the parameter that is wrong */
    static WalletQuery of(String walletId, HttpServletRequest request, CursorSigner cursors) {
        Parameters parameters = new Parameters(request);
        Parameters.Range times = parameters.range();
        int limit = parameters.limit();
        WalletRange range = new WalletRange(walletId, times.from(), times.to());
        Optional<Cursor> after = parameters.text("cursor").map(text -> cursors.verify(text, range.scope())
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of this wallet with this from and to; start again without it")));
        return new WalletQuery(range, limit, after);
    }
}
