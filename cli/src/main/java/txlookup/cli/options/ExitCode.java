package txlookup.cli.options;

/** What the process ends with, for scripts. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int NOT_JUDGED = 2;
    /** An act that the state of things forbids; nothing was changed. */
    public static final int REFUSED = 2;

    public static final int GAP = 3;
    public static final int WRONG_USE = 4;
    public static final int UNREACHABLE = 5;
    /** The launcher starts the program again, on the older Kafka client. */
    public static final int OLDER_KAFKA = 6;

    private ExitCode() {}
}
