package txlookup.api.console.page;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import txlookup.api.auth.Caller;

/**
 * What every page shows around its own content.
 *
 * @param here path and query of this page
 * @param caller null on a page for somebody who was not admitted
 * @param token repeated by forms; empty for who may not act
 * @param asOf everything published up to then is shown; null when it is not known
 */
record Site(
        String language,
        String here,
        String section,
        @Nullable Caller caller,
        String token,
        String correlationId,
        @Nullable Instant asOf,
        boolean stale,
        Instant now) {

    /** Who is signed in; null for who is not. */
    public @Nullable String person() {
        return caller == null
                ? null
                : caller.session().map(Caller.Session::name).orElse(null);
    }

    public String roles() {
        return caller == null ? "" : String.join(", ", caller.roles());
    }

    public boolean mayOperate() {
        return caller != null && caller.mayOperate();
    }
}
