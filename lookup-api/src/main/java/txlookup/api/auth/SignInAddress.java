package txlookup.api.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import txlookup.api.web.OwnPath;

/** Where a sign-in to the console starts. */
public final class SignInAddress {
    /** The console's name among those who may send people to the issuer. */
    public static final String CLIENT = "console";

    public static final String START = "/sign-in";
    /** The page to lead back to. */
    public static final String BACK = "back";
    /** Wants the person's credentials, also of a person who is signed in. */
    public static final String FRESH = "fresh";

    private SignInAddress() {}

    public static String of(String page, boolean fresh) {
        return "%s/%s?%s=%s%s"
                .formatted(
                        START,
                        CLIENT,
                        BACK,
                        URLEncoder.encode(OwnPath.of(page), UTF_8),
                        fresh ? "&" + FRESH + "=yes" : "");
    }
}
