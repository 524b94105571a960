package txlookup.api.lookup;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import txlookup.api.query.WalletRange;
import txlookup.api.web.Cursor;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.ProblemException;
import txlookup.api.web.QueryParameters;

/** The query of a wallet's list, read and checked. A parameter without a value counts as absent. */
record WalletQuery(WalletRange range, int limit, Optional<Cursor> after) {
    /** @throws ProblemException 400, naming the parameter that is wrong */
    static WalletQuery of(String walletId, HttpServletRequest request, CursorSigner cursors) {
        QueryParameters parameters = new QueryParameters(request);
        QueryParameters.Range times = parameters.range();
        int limit = parameters.limit();
        WalletRange range = new WalletRange(walletId, times.from(), times.to());
        Optional<Cursor> after = parameters.text("cursor").map(text -> cursors.verify(text, range.scope())
                .orElseThrow(() -> ProblemException.badParameter(
                        "cursor", "not a next_cursor of this wallet with this from and to; start again without it")));
        return new WalletQuery(range, limit, after);
    }
}
