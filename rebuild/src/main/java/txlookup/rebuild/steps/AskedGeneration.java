package txlookup.rebuild.steps;

import java.net.http.HttpRequest;

/** A lookup in a generation that need not serve. */
public final class AskedGeneration {
    private static final String HEADER = "X-Generation";

    private AskedGeneration() {}

    /** Asks for that generation; an API without login believes the roles too, elsewhere the token has to have them. */
    public static void in(HttpRequest.Builder request, long generation) {
        request.header(HEADER, Long.toString(generation)).header("X-Actor-Roles", "ADMIN_READ,ADMIN_OPERATE");
    }
}
