package txlookup.api.console.page;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The languages of the console, and which of them a browser wants: by its cookie, else by its {@code Accept-Language}. */
@Component
final class Languages {
    static final String COOKIE = "lang";

    private static final List<Locale> SPOKEN = List.of(Locale.ENGLISH, Locale.KOREAN);

    Locale of(HttpServletRequest request) {
        return chosen(request)
                .or(() -> Collections.list(request.getLocales()).stream()
                        .flatMap(wanted -> named(wanted.getLanguage()).stream())
                        .findFirst())
                .orElse(Locale.ENGLISH);
    }

    /** The language of that name, if it is spoken here. */
    static Optional<Locale> named(@Nullable String tag) {
        return SPOKEN.stream()
                .filter(spoken -> spoken.getLanguage().equals(tag))
                .findFirst();
    }

    private static Optional<Locale> chosen(HttpServletRequest request) {
        return Stream.ofNullable(request.getCookies())
                .flatMap(Stream::of)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .findFirst()
                .flatMap(Languages::named);
    }
}
