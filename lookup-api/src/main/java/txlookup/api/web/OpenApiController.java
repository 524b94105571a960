package txlookup.api.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Shows the description of this API; without a token, for it tells nothing of the data. */
@Controller
public final class OpenApiController {
    private static final String MEDIA_TYPE = "application/yaml";

    private final byte[] document = read();

    @GetMapping("/openapi.yaml")
    void openApi(HttpServletResponse response) throws IOException {
        Replies.send(response, HttpStatus.OK.value(), MEDIA_TYPE, document);
    }

    /** The bytes that it shows. */
    public byte[] document() {
        return document.clone();
    }

    private static byte[] read() {
        try (InputStream file = OpenApiController.class.getResourceAsStream("/txlookup/api/lookup.yaml")) {
            if (file == null) {
                throw new IllegalStateException("the program was packaged without txlookup/api/lookup.yaml");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read lookup.yaml", e);
        }
    }
}
