package txlookup.azure.inventory;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import txlookup.azure.arm.ArmId;

/** One subscription: all that is read of it, and the only two things that are ever asked of it. */
public interface AzureSubscription {
    /** Everything in it now. Lists may lag behind; {@link #find} does not. */
    Inventory read() throws IOException, InterruptedException;

    /** That resource or group as it is now; empty when there is none. */
    Optional<Resource> find(ArmId id) throws IOException, InterruptedException;

    /** Asks once for the deletion. */
    Answer delete(ArmId id) throws IOException, InterruptedException;

    /** Asks once to let go of a deleted one's name. */
    Answer purge(DeletedName deleted) throws IOException, InterruptedException;

    /** How far an operation is. */
    Answer progress(URI operation) throws IOException, InterruptedException;
}
