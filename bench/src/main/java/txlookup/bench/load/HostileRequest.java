package txlookup.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What strangers send, one of six kinds in turn: malformed requests, forged cookies, forged tokens, replays of acts, bodies
 * and headers of 64 KiB, and lookups without a token from {@value #ADDRESSES} addresses behind one proxy.
 *
 * @param expired a token that was good once, as a log may hold one
 * @param act an act that was done with it
 */
record HostileRequest(String expired, String act) {
    static final int ADDRESSES = 10_000;
    private static final int KINDS = 6;
    private static final String LONG_KEY = "token".repeat(64 * 1024 / 5);

    private static final List<String> PATHS = List.of(
            "/admin/tx/%00",
            "/admin/tx/%zz",
            "/admin/tx/..%2f..%2fetc%2fpasswd",
            "/admin/wallets/W/tx?cursor=%ff%fe",
            "/admin/wallets/W/tx?limit=1&limit=%00",
            "/admin/search?q=${jndi:ldap://127.0.0.1/a}",
            "/admin/search?q=" + "a".repeat(7_000),
            "/admin/audit?from='%20OR%20'1'='1",
            "/tx/%3Cscript%3E",
            "/;jsessionid=1",
            "/dead-letters/runs/x",
            "//admin/tx/T",
            "/" + "b".repeat(9_000));

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "X");

    private static final List<String> HEADERS = List.of(
            "Content-Length: 99999999",
            "Transfer-Encoding: nonsense",
            "X-Correlation-ID: %1b[31m\u00ff",
            "Bad Header: x",
            "Accept: ;;;",
            "Cookie: =;=;=",
            "traceparent: 00-zz-zz-01");

    byte[] next(long n, SplittableRandom random) {
        String request =
                switch ((int) (n % KINDS)) {
                    case 0 -> malformed(random);
                    case 1 -> forgedCookie(random);
                    case 2 -> forgedToken(random);
                    case 3 -> n / KINDS % 2 == 0 ? act : forgedForm(random);
                    case 4 -> big(random);
                    default -> fromSomewhere(random);
                };
        return request.getBytes(UTF_8);
    }

    private static String malformed(SplittableRandom random) {
        return "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n"
                .formatted(one(METHODS, random), one(PATHS, random), one(HEADERS, random));
    }

    private static String forgedCookie(SplittableRandom random) {
        return "GET /tx/TX-%d HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: session=%s; form_token=x\r\n\r\n"
                .formatted(random.nextInt(1_000), encoded(Long.toHexString(random.nextLong())));
    }

    private String forgedToken(SplittableRandom random) {
        int at = random.nextInt(expired.length());
        String token =
                switch (random.nextInt(4)) {
                    case 0 -> expired.substring(0, at) + "A" + expired.substring(at);
                    case 1 ->
                        encoded("{\"alg\":\"none\"}") + "." + encoded("{\"oid\":\"root\",\"roles\":[\"ADMIN_READ\"]}")
                                + ".";
                    case 2 -> encoded("{\"alg\":\"RS256\",\"kid\":\"" + random.nextInt() + "\"}") + ".e30.AAAA";
                    default -> expired;
                };
        return "GET /admin/tx/TX-%d HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(random.nextInt(1_000), token);
    }

    private static String forgedForm(SplittableRandom random) {
        String body = "ids=1&note=x&generation=1&form_token=" + encoded(Long.toHexString(random.nextLong()));
        return """
                POST /dead-letters/discards HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/x-www-form-urlencoded\r
                Cookie: session=%s\r
                Content-Length: %d\r
                \r
                %s""".formatted(encoded("replayed"), body.length(), body);
    }

    private static String big(SplittableRandom random) {
        if (random.nextInt(8) == 0) {
            return "GET /admin/tx/T HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: %s\r\n\r\n".formatted(LONG_KEY);
        }
        String body = "{\"ids\":[\"%s\"]}".formatted(LONG_KEY.substring(20));
        return "POST /admin/lookups HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    }

    private static String fromSomewhere(SplittableRandom random) {
        int address = random.nextInt(ADDRESSES);
        return "GET /admin/tx/TX-%d HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.1, 203.%d.%d.9\r\n\r\n"
                .formatted(random.nextInt(1_000), address / 100, address % 100);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static String one(List<String> choices, SplittableRandom random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
