package txlookup.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.HstsHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.frameoptions.XFrameOptionsHeaderWriter;
import txlookup.api.config.Authentication;

/** The headers that let no other code run in a page, and no other site hold it. */
final class PageHeaders implements HeaderWriter {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'%s; frame-ancestors 'none'; base-uri 'none'";

    private final HstsHeaderWriter always = new HstsHeaderWriter();
    private final List<HeaderWriter> ofPages;

    PageHeaders(Authentication how) {
        CrossOriginOpenerPolicyHeaderWriter opener = new CrossOriginOpenerPolicyHeaderWriter();
        opener.setPolicy(CrossOriginOpenerPolicy.SAME_ORIGIN);
        String policy = POLICY.formatted(signingOut(how));
        always.setIncludeSubDomains(false);
        ofPages = List.of(
                (request, response) -> response.setHeader("Content-Security-Policy", policy),
                new ReferrerPolicyHeaderWriter(ReferrerPolicy.SAME_ORIGIN),
                new XFrameOptionsHeaderWriter(),
                opener);
    }

    @Override
    public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        always.writeHeaders(request, response);
        if (isPage(response.getContentType())) {
            ofPages.forEach(writer -> writer.writeHeaders(request, response));
            response.addHeader(HttpHeaders.VARY, "Accept-Language, Cookie");
        }
    }

    private static boolean isPage(@Nullable String type) {
        return type != null && (type.startsWith("text/html") || type.startsWith("text/event-stream"));
    }

    /** The form that signs out is redirected to the issuer, which a browser counts as its action. */
    private static String signingOut(Authentication how) {
        return how instanceof Authentication.Oidc oidc && oidc.signIn().isPresent()
                ? " " + oidc.issuer().resolve(URI.create("/")).toString().replaceAll("/$", "")
                : "";
    }
}
