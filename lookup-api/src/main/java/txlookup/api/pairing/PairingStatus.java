package txlookup.api.pairing;

/** Whether both sides of a payment are there (docs/contract.md, Pairing). */
public enum PairingStatus {
    COMPLETE,
    INCOMPLETE,
    UNKNOWN
}
