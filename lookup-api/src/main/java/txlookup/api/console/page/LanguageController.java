package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.web.OwnPath;
import txlookup.api.web.ProblemException;

/** Switches the language and goes back to where one was; without a token, for it shows nothing. */
@Controller
final class LanguageController {
    private static final Duration KEPT = Duration.ofDays(365);

    @GetMapping("/language/{language}")
    void choose(@PathVariable String language, HttpServletRequest request, HttpServletResponse response) {
        String spoken = Languages.named(language)
                .orElseThrow(() -> ProblemException.badParameter("language", "en and ko are spoken here"))
                .getLanguage();
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(Languages.COOKIE, spoken)
                        .path("/")
                        .maxAge(KEPT)
                        .sameSite("Lax")
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .build()
                        .toString());
        response.setHeader(HttpHeaders.LOCATION, OwnPath.of(request.getParameter("back")));
        response.setStatus(HttpStatus.SEE_OTHER.value());
    }
}
