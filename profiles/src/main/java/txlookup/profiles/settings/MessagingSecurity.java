package txlookup.profiles.settings;

import java.util.Optional;

/** How a Kafka client logs in. */
public enum MessagingSecurity {
    /** Not at all, unencrypted; a broker on this machine only. */
    PLAINTEXT,
    /** With an Event Hubs connection string, over TLS. */
    SAS,
    /** With a token of the managed identity, over TLS. */
    ENTRA,
    /** With user and password of another Kafka, which sees the password, over TLS. */
    PLAIN,
    /** With user and password of another Kafka by SCRAM-SHA-512, over TLS. */
    SCRAM;

    /** Whether the broker is Event Hubs, whose limits then bind. */
    public boolean isEventHubs() {
        return this == SAS || this == ENTRA;
    }

    /** Whether a user logs in with a password. */
    public boolean isByPassword() {
        return this == PLAIN || this == SCRAM;
    }

    /** Kafka's name of the mechanism; empty without a login. */
    public Optional<String> mechanism() {
        return switch (this) {
            case PLAINTEXT -> Optional.empty();
            case SAS, PLAIN -> Optional.of("PLAIN");
            case ENTRA -> Optional.of("OAUTHBEARER");
            case SCRAM -> Optional.of("SCRAM-SHA-512");
        };
    }
}
