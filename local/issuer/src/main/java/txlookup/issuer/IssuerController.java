package txlookup.issuer;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What this machine asks of its issuer beside OpenID Connect. */
@RestController
class IssuerController {
    private final RotatingKeys keys;

    IssuerController(RotatingKeys keys) {
        this.keys = keys;
    }

    @GetMapping("/ready")
    String ready() {
        return "ready";
    }

    @PostMapping("/rotate")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void rotate() {
        keys.rotate();
    }
}
