package txlookup.api.console.page;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import txlookup.profiles.digest.Sha256;

/** The files that pages refer to. Their addresses hold a digest of their bytes, so that a browser may keep them. */
@Component
final class Assets {
    private static final String OWN = "/txlookup/api/console/assets/";
    private static final int DIGEST_CHARACTERS = 12;

    private final Map<String, Asset> byName = new HashMap<>();

    /** A file, its media type and the address that pages use. */
    static final class Asset {
        private final byte[] bytes;
        private final String mediaType;
        private final String address;

        private Asset(byte[] bytes, String mediaType, String address) {
            this.bytes = bytes;
            this.mediaType = mediaType;
            this.address = address;
        }

        void send(HttpServletResponse response) throws IOException {
            response.setContentType(mediaType);
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }
    }

    Assets() {
        add("console.css", OWN + "console.css", "text/css;charset=UTF-8");
        add("console.js", OWN + "console.js", "text/javascript;charset=UTF-8");
        add("favicon.svg", OWN + "favicon.svg", "image/svg+xml");
        add("htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js", "text/javascript;charset=UTF-8");
    }

    Optional<Asset> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Where pages find it. */
    public String address(String name) {
        return named(name).orElseThrow(() -> new IllegalArgumentException("no asset " + name)).address;
    }

    private void add(String name, String resource, String mediaType) {
        byte[] bytes = read(resource);
        byName.put(
                name,
                new Asset(
                        bytes,
                        mediaType,
                        "/assets/" + name + "?v=" + Sha256.hex(bytes).substring(0, DIGEST_CHARACTERS)));
    }

    private static byte[] read(String resource) {
        try (InputStream file = Assets.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("the program was packaged without " + resource);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
