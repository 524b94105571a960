package txlookup.cli.view;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/** How something long goes: one line, rewritten in place on a terminal, and a line every ten seconds elsewhere. */
public final class ProgressLine {
    private static final Duration ON_A_TERMINAL = Duration.ofMillis(250);
    private static final Duration ELSEWHERE = Duration.ofSeconds(10);

    private final PrintWriter out;
    /** The launcher knows; System.console() says yes to everybody from JDK 22 on. */
    private final boolean terminal = Boolean.getBoolean("txlookup.terminal");

    private final long every;
    private long shown = System.nanoTime();
    private boolean open;

    public ProgressLine(PrintWriter out) {
        this(out, ELSEWHERE);
    }

    /** @param elsewhere how often, where there is no terminal */
    ProgressLine(PrintWriter out, Duration elsewhere) {
        this.out = out;
        this.every = (terminal ? ON_A_TERMINAL : elsewhere).toNanos();
    }

    /** Shows the line where it is time for one; it is not made otherwise. */
    synchronized void show(Supplier<String> line) {
        long now = System.nanoTime();
        if (now - shown < every) {
            return;
        }
        shown = now;
        if (terminal) {
            out.print("\r\u001b[K      " + line.get());
            open = true;
        } else {
            out.println(line.get());
        }
        out.flush();
    }

    /** Takes away what a terminal shows. */
    public synchronized void clear() {
        if (open) {
            out.print("\r\u001b[K");
            out.flush();
            open = false;
        }
    }
}
