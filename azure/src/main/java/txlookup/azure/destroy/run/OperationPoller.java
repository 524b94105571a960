package txlookup.azure.destroy.run;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import txlookup.azure.arm.Sleeper;
import txlookup.azure.inventory.Answer;
import txlookup.azure.inventory.AzureSubscription;
import txlookup.azure.inventory.Lock;

/** Azure's long-running operations, followed to their end by this run or by the next one, which finds them in the journal. */
final class OperationPoller {
    /** An operation is over; whether the resource is gone is for the next look. */
    static final String ENDED = "the operation ended";

    private final AzureSubscription subscription;
    private final DestroyJournal journal;
    private final Sleeper waiting;
    private final Patience patience;

    OperationPoller(AzureSubscription subscription, DestroyJournal journal, Sleeper waiting, Patience patience) {
        this.subscription = subscription;
        this.journal = journal;
        this.waiting = waiting;
        this.patience = patience;
    }

    /** What came of a request, in a few words; the next look decides what that means. */
    String take(String subject, String what, Answer answer, Instant until)
            throws IOException, InterruptedException, StoppedException {
        if (answer instanceof Answer.Running running) {
            journal.running(subject, running.operation());
            waiting.pause(running.delay());
            return follow(subject, running.operation(), until);
        }
        if (answer instanceof Answer.Later later) {
            waiting.pause(later.delay());
            return later.why();
        }
        if (answer instanceof Answer.Unclear unclear) {
            waiting.pause(patience.pause());
            return unclear.why();
        }
        if (answer instanceof Answer.Refused refused) {
            throw new StoppedException("%s: %s%s".formatted(what, refused.why(), advice(refused.code())));
        }
        return ENDED;
    }

    /** Follows an operation to its end, whatever becomes of single answers. */
    String follow(String subject, URI operation, Instant until)
            throws IOException, InterruptedException, StoppedException {
        while (waiting.now().isBefore(until)) {
            Answer answer = subscription.progress(operation);
            if (answer instanceof Answer.Running running) {
                waiting.pause(running.delay());
            } else if (answer instanceof Answer.Later later) {
                waiting.pause(later.delay());
            } else if (answer instanceof Answer.Unclear) {
                waiting.pause(patience.pause());
            } else if (answer instanceof Answer.Refused refused) {
                journal.settled(subject);
                throw new StoppedException("%s: %s%s".formatted(subject, refused.why(), advice(refused.code())));
            } else {
                // Ended, or forgotten by Azure in the middle (404): either way the resource itself is asked next.
                journal.settled(subject);
                return ENDED;
            }
        }
        throw new StoppedException("%s: the operation still runs after %s".formatted(subject, patience.resource()));
    }

    private static String advice(String code) {
        return switch (code) {
            case "ScopeLocked" -> "; a lock appeared: it is lifted by " + Lock.LIFTED_BY + ", never by this program";
            case "AuthorizationFailed" -> "; the logged-in user may not delete here";
            case "DenyAssignmentAuthorizationFailed" -> "; a platform denies it, and it stays";
            default -> "";
        };
    }
}
