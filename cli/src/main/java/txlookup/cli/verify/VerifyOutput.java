package txlookup.cli.verify;

import java.io.PrintWriter;
import txlookup.cli.options.ExitCode;

/** A verdict goes to standard output, all else to standard error. */
record VerifyOutput(PrintWriter out, PrintWriter err) {
    void print(String report) {
        out.print(report);
        out.flush();
    }

    /** @return the exit code */
    int notJudged(String why) {
        err.println("txlookup verify: " + why);
        err.flush();
        return ExitCode.NOT_JUDGED;
    }

    /** @return the exit code */
    int notJudged(String why, Exception cause) {
        return notJudged(why + ": " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    }
}
