package txlookup.api;

/** What a lookup is about, as the audit row names it. */
enum Subject {
    TRANSACTION("LOOKUP_TX", "TX"),
    PAYMENT_ORDER("LOOKUP_PAYMENT_ORDER", "PAYMENT_ORDER"),
    WALLET("LOOKUP_WALLET_TX", "WALLET");

    private final String action;
    private final String resourceType;

    Subject(String action, String resourceType) {
        this.action = action;
        this.resourceType = resourceType;
    }

    String action() {
        return action;
    }

    String resourceType() {
        return resourceType;
    }
}
