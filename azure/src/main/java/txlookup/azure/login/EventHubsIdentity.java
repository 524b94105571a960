package txlookup.azure.login;

import com.azure.messaging.eventhubs.EventHubClientBuilder;

/** Lets Event Hubs' own client log in as the identity of this process. */
public final class EventHubsIdentity {
    private EventHubsIdentity() {}

    /** Needs the role Azure Event Hubs Data Receiver on the namespace. */
    public static void logIn(EventHubClientBuilder builder, String namespace, String hub) {
        builder.credential(namespace, hub, Identity.ofThisProcess());
    }
}
