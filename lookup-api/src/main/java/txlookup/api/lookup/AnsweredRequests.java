package txlookup.api.lookup;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import txlookup.api.audit.Subject;
import txlookup.api.auth.Caller;
import txlookup.api.generation.GenerationChooser;
import txlookup.api.generation.GenerationChooser.Answered;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.SharedLookups;
import txlookup.api.generation.SharedLookups.Question;
import txlookup.api.lookup.AuditedRequests.Seen;

/** Answers requests in JSON, each once it is audited. */
@Component
public final class AnsweredRequests {
    /** How many rows are shown of more. */
    public static final String TRUNCATED = "X-Truncated";

    private final AuditedRequests requests;
    private final GenerationChooser chosen;
    private final SharedLookups shared;
    private final ShadowReads shadows;
    private final PersonalData personal;

    AnsweredRequests(
            AuditedRequests requests,
            GenerationChooser chosen,
            SharedLookups shared,
            ShadowReads shadows,
            PersonalData personal) {
        this.requests = requests;
        this.chosen = chosen;
        this.shared = shared;
        this.shadows = shadows;
        this.personal = personal;
    }

    /** What is asked of a generation's store. */
    @FunctionalInterface
    interface Inquiry {
        LookupResult of(GenerationStore generation) throws SQLException;
    }

    /** What is asked of a generation where the answer depends on who asks. */
    @FunctionalInterface
    interface CallersQuestion {
        LookupResult of(Caller caller, GenerationStore generation) throws SQLException;
    }

    /** What is asked of the store and is about no generation. */
    @FunctionalInterface
    public interface ControlInquiry {
        LookupResult run() throws SQLException;
    }

    /**
     * Answers one of the three lookups; a candidate on trial answers its share. Once answered, both sides may be
     * compared.
     *
     * @param asked reads the request, once and in its thread: the question may be put after the request's end
     */
    void answerShared(
            Subject subject,
            String id,
            Supplier<Question<LookupResult>> asked,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        AtomicReference<Question<LookupResult>> question = new AtomicReference<>();
        Answered<Seen<LookupReply>> answered = requests.audited(subject, id, request, caller -> {
            Question<LookupResult> read = asked.get();
            question.set(read);
            return chosen.answer(
                    subject,
                    caller,
                    request,
                    response,
                    handle -> shared.answer(handle, id, lookups -> LookupReply.of(read.of(lookups), caller, personal)));
        });
        answered.value().shown().send(response);
        if (answered.known() != null) {
            shadows.offer(answered.known(), subject, id, question.get());
        }
    }

    /** As {@link #answerShared}, by the store of what serves or was asked for by its number. */
    void answer(Subject subject, String id, Inquiry question, HttpServletRequest request, HttpServletResponse response)
            throws SQLException, IOException {
        answerTo(subject, id, (caller, generation) -> question.of(generation), request, response);
    }

    /** As {@link #answer}, where the answer depends on who asks. */
    void answerTo(
            Subject subject,
            String id,
            CallersQuestion question,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        requests.inquire(
                        subject,
                        id,
                        request,
                        response,
                        (caller, generation) -> LookupReply.of(question.of(caller, generation), caller, personal))
                .send(response);
    }

    /** As {@link #answer}, of what is common to generations: it is answered also while none serves. */
    public void answerOfControl(
            Subject subject,
            String id,
            ControlInquiry inquiry,
            HttpServletRequest request,
            HttpServletResponse response)
            throws SQLException, IOException {
        requests.inquireOfControl(subject, id, request, caller -> LookupReply.of(inquiry.run(), caller, personal))
                .send(response);
    }
}
