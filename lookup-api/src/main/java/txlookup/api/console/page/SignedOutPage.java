package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import txlookup.api.auth.SignInAddress;
import txlookup.api.console.page.Pages.Draft;

/** Where the issuer leads back to once a person has signed out; it shows no data. */
@Controller
final class SignedOutPage {
    private final Pages pages;

    SignedOutPage(Pages pages) {
        this.pages = pages;
    }

    @GetMapping("/signed-out")
    void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Draft draft = Draft.of("signed-out").with("signIn", SignInAddress.of("/", false));
        Pages.send(response, pages.render(draft, Optional.empty(), request, response));
    }
}
