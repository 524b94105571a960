package txlookup.profiles.settings;

/** How a Kafka client logs in. */
public enum MessagingSecurity {
    /** Not at all, unencrypted; a broker on this machine only. */
    PLAINTEXT,
    /** With an Event Hubs connection string, over TLS. */
    SAS,
    /** With a token of the managed identity, over TLS. */
    ENTRA;

    /** Whether the broker is Event Hubs, whose limits then bind. */
    public boolean isEventHubs() {
        return this != PLAINTEXT;
    }
}
