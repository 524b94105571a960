package txlookup.bench.servers;

import java.io.IOException;
import java.io.OutputStream;

/** Ends a process with the bench that started it, also where that is killed: what it left would disturb the next one. */
public final class ParentWatchdog {
    private ParentWatchdog() {}

    /**
     * Call from a process whose standard input is a pipe from the bench; it ends when the bench does, and when one of its
     * threads fails, so that the bench does not wait for what will not come.
     */
    public static void toTheBench() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        Thread waiting = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        System.err.println("The bench is gone: " + e.getMessage());
                    }
                    Runtime.getRuntime().halt(1);
                },
                "tether");
        waiting.setDaemon(true);
        waiting.start();
    }
}
