package txlookup.azure.arm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import txlookup.azure.fake.FakeAnswer;
import txlookup.azure.fake.FakeAzure;

/** What happens at one request to the resource manager. */
public enum RequestFault {
    THROTTLED,
    SERVER_ERROR_AND_DONE,
    LOCKED,
    CONFLICT,
    NOT_FOUND,
    SILENCE_AND_NOT_DONE,
    SILENCE_BUT_DONE,
    KILLED_BEFORE_THE_REQUEST,
    KILLED_AFTER_THE_ANSWER;

    /** How long a request may take where it meets one. */
    public static final Duration REQUEST = Duration.ofMillis(100);

    private static final Duration LONGER_THAN_A_REQUEST = REQUEST.multipliedBy(2);

    /** The process ends at once: nothing is caught, nothing cleaned up. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** One of them at one request; ends when it is closed. */
    public static final class Injection implements AutoCloseable {
        private final RequestFault fault;
        private final int request;
        private final FakeAzure azure;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicInteger met = new AtomicInteger();

        private Injection(RequestFault fault, int request, FakeAzure azure) {
            this.fault = fault;
            this.request = request;
            this.azure = azure;
            azure.interfere((number, method, path) -> number == request && !fault.kills() && met.incrementAndGet() == 1
                    ? Optional.of(fault.answer())
                    : Optional.empty());
        }

        /** A client whose process it may end. */
        public ArmClient client(Sleeper waiting) {
            return new ArmClient(
                    azure.endpoint(),
                    () -> {
                        killAt(KILLED_BEFORE_THE_REQUEST, sent);
                        return Optional.empty();
                    },
                    waiting,
                    new ArmClient.Limits(REQUEST, Duration.ofMinutes(10)),
                    call -> killAt(KILLED_AFTER_THE_ANSWER, answered));
        }

        private void killAt(RequestFault when, AtomicInteger count) {
            if (fault == when && count.incrementAndGet() == request) {
                met.incrementAndGet();
                throw new Killed();
            }
        }

        /** Whether there was such a request. */
        public boolean isMet() {
            return met.get() > 0;
        }

        @Override
        public void close() {
            azure.interfere((number, method, path) -> Optional.empty());
        }
    }

    /** From now on it happens at the request of that number. */
    public Injection at(int request, FakeAzure azure) {
        return new Injection(this, request, azure);
    }

    private boolean kills() {
        return this == KILLED_BEFORE_THE_REQUEST || this == KILLED_AFTER_THE_ANSWER;
    }

    private FakeAnswer answer() {
        return switch (this) {
            case THROTTLED -> FakeAnswer.throttled(7);
            case SERVER_ERROR_AND_DONE ->
                FakeAnswer.error(500, "InternalServerError", "Encountered internal server error.")
                        .withActing();
            case LOCKED -> FakeAnswer.error(409, "ContainerAppLockConflict", "another modification is in progress.");
            case CONFLICT -> FakeAnswer.error(409, "Conflict", "not now");
            case NOT_FOUND -> FakeAnswer.error(404, "ResourceNotFound", "The Resource was not found.");
            case SILENCE_AND_NOT_DONE -> FakeAnswer.silence(LONGER_THAN_A_REQUEST, false);
            case SILENCE_BUT_DONE -> FakeAnswer.silence(LONGER_THAN_A_REQUEST, true);
            case KILLED_BEFORE_THE_REQUEST, KILLED_AFTER_THE_ANSWER ->
                throw new IllegalStateException(this + " is no answer");
        };
    }
}
