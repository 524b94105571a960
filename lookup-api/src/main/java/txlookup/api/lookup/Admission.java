package txlookup.api.lookup;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import txlookup.api.audit.AuditRow;
import txlookup.api.audit.DeniedRequests;
import txlookup.api.auth.Caller;
import txlookup.api.auth.Callers;
import txlookup.api.auth.DeniedException;
import txlookup.api.auth.RequestRate;
import txlookup.api.web.ProblemException;

/** Lets a request's caller in, or audits why not. A request over the rate leaves no row: nothing was looked up. */
@Component
final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Callers callers;
    private final RequestRate rate;
    private final DeniedRequests denials;

    Admission(Callers callers, RequestRate rate, DeniedRequests denials) {
        this.callers = callers;
        this.rate = rate;
        this.denials = denials;
    }

    /**
     * The request's caller, who may ask for it.
     *
     * @throws DeniedException when they may not, which is audited
     * @throws ProblemException 429 over the rate
     */
    Caller admit(AskedRequest asked) {
        Caller caller;
        try {
            caller = callers.admit();
            asked.subject().require(caller);
            if (asked.subject().takesAFreshSignIn()) {
                callers.requireFresh(caller);
            }
        } catch (DeniedException denied) {
            rate.admit(asked.request().getRemoteAddr()); // or anyone could fill the audit
            throw audited(denied, asked);
        }
        rate.admit(caller.actor());
        return caller;
    }

    /** Refuses the caller who asks this, and audits it. */
    DeniedException refuse(AskedRequest asked, String why) {
        DeniedException denied;
        try {
            denied = DeniedException.refused(callers.admit(), why);
        } catch (DeniedException stranger) {
            denied = stranger;
        }
        rate.admit(asked.request().getRemoteAddr());
        return audited(denied, asked);
    }

    DeniedException audited(DeniedException denied, AskedRequest asked) {
        int status = denied.problem().status();
        if (denials.write(asked.row(denied.caller(), AuditRow.Result.DENIED, status, 0, null))) {
            LOG.info("Denied with {}: {}", status, denied.getMessage()); // strangers fill no log either
        }
        return denied;
    }
}
