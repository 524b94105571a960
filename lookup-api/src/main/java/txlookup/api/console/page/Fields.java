package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import txlookup.api.web.ProblemException;

/** What was filled in; an empty field counts as absent. */
public record Fields(HttpServletRequest request) {

    public Optional<String> text(String name) {
        String value = request.getParameter(name);
        if (value != null && value.indexOf('\0') >= 0) {
            throw ProblemException.badParameter(name, "holds a NUL character, which no id and no filter does");
        }
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    public Optional<Long> number(String name) {
        return text(name).map(text -> number(name, text));
    }

    public List<Long> numbers(String name) {
        return Stream.ofNullable(request.getParameterValues(name))
                .flatMap(Stream::of)
                .map(text -> number(name, text))
                .distinct()
                .toList();
    }

    public static long number(String name, String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw ProblemException.badParameter(name, "wanted a whole number, saw '" + visible(text) + "'");
        }
        return Long.parseLong(text);
    }

    /** No line of the answer is the caller's own. */
    private static String visible(String text) {
        return text.replaceAll("\\p{Cc}", "\uFFFD");
    }
}
