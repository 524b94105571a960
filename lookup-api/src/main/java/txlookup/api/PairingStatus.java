package txlookup.api;

/** Whether both sides of a payment are there (contract.md, Pairing). */
enum PairingStatus {
    COMPLETE,
    INCOMPLETE,
    UNKNOWN
}
