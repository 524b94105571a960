package txlookup.profiles.schema;

import java.util.List;
import java.util.stream.Collectors;

/** A profile that is refused; its message lists every problem found, one line each. */
public final class ProfileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ProfileProblem> problems;

    /**
     * Refuses something.
     *
     * @param subject what is refused, such as {@code profile cloud-test}
     * @param problems all that is wrong with it, at least one
     */
    public ProfileException(String subject, List<ProfileProblem> problems) {
        super(message(subject, problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the message. */
    public List<ProfileProblem> problems() {
        return problems;
    }

    private static String message(String subject, List<ProfileProblem> problems) {
        String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
        return problems.stream()
                .map(problem -> "  " + problem.line())
                .collect(Collectors.joining("\n", "%s is refused, %s:\n".formatted(subject, count), ""));
    }
}
