package txlookup.rebuild.platform;

import java.io.IOException;

/** The consumers of this environment, one process or more for each live generation. */
public interface ConsumerProcesses {
    /** Stops the consumers of a generation and removes what names them. Nothing happens where none runs. */
    void stop(long generation) throws IOException;
}
