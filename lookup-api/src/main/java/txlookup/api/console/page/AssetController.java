package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import txlookup.api.console.page.Assets.Asset;
import txlookup.api.web.ProblemException;

/** Serves what pages refer to; without a token, for it is the same for everyone. */
@Controller
final class AssetController {
    private static final String KEPT = "public, max-age=31536000, immutable";

    private final Assets assets;

    AssetController(Assets assets) {
        this.assets = assets;
    }

    @GetMapping("/assets/{name}")
    void asset(@PathVariable String name, HttpServletResponse response) throws IOException {
        Asset asset = assets.named(name).orElseThrow(() -> ProblemException.notFound("no such file"));
        response.setStatus(HttpStatus.OK.value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, KEPT);
        asset.send(response);
    }
}
