package txlookup.api.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import txlookup.api.web.ProblemException;

/**
 * Lets every path through, because ids may hold any character and Tomcat has checked the rest. Without authentication only
 * this machine's own names are answered, so that no other site's name can lead a browser here.
 */
final class LoopbackFirewall implements HttpFirewall {
    // A name without a dot is of this network: nobody outside can let one point here.
    private static final Pattern OWN_NAMES = Pattern.compile("[^.]*|127(\\.\\d{1,3}){3}");

    private final boolean ownNamesOnly;

    LoopbackFirewall(boolean ownNamesOnly) {
        this.ownNamesOnly = ownNamesOnly;
    }

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        if (ownNamesOnly && !OWN_NAMES.matcher(request.getServerName()).matches()) {
            throw new ProblemException(
                    HttpStatus.BAD_REQUEST,
                    "Host: without authentication only names of this machine are answered, such as 127.0.0.1",
                    Map.of());
        }
        return new FirewalledRequest(request) {
            @Override
            public void reset() {
                // Nothing was changed.
            }
        };
    }

    @Override
    public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
        return response;
    }
}
