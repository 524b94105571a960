package txlookup.api;

/** What a lookup is about, as the audit row names it. */
enum Subject {
    TRANSACTION("LOOKUP_TX", "TX"),
    PAYMENT_ORDER("LOOKUP_PAYMENT_ORDER", "PAYMENT_ORDER"),
    WALLET("LOOKUP_WALLET_TX", "WALLET"),
    TRANSACTION_EXPLAINED("EXPLAIN_TX", "TX"),
    PAYMENT_ORDER_EXPLAINED("EXPLAIN_PAYMENT_ORDER", "PAYMENT_ORDER"),
    OPEN_PAIRS("LIST_OPEN_PAIRS", "PAYMENT_ORDER"),
    SEARCH("SEARCH", "ID"),
    AUDIT("VIEW_AUDIT", "AUDIT");

    /** The audit row's resource id of a list that is about no one resource. */
    static final String ALL = "*";

    private final String action;
    private final String resourceType;

    Subject(String action, String resourceType) {
        this.action = action;
        this.resourceType = resourceType;
    }

    String action() {
        return action;
    }

    /** @throws DeniedException 403 when looking up is not enough for this, and it is all that the caller may do */
    void require(Caller caller) {
        if (this == AUDIT && !caller.mayAudit()) {
            throw DeniedException.noRole(caller, Caller.AUDIT);
        }
    }

    String resourceType() {
        return resourceType;
    }
}
