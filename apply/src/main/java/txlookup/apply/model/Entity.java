package txlookup.apply.model;

/** The two kinds of thing that events and backfill rows are snapshots of (docs/contract.md, Events). */
public enum Entity {
    LEDGER_ENTRY,
    PAYMENT_ORDER
}
