package txlookup.cli;

/** What the process ends with, for scripts. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int NOT_JUDGED = 2;
    static final int GAP = 3;
    static final int WRONG_USE = 4;
    static final int UNREACHABLE = 5;

    private ExitCode() {}
}
