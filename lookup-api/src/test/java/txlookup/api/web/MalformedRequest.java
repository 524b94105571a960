package txlookup.api.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Requests as scanners, broken proxies and attackers send them: each part by itself sound, strange or hostile. */
final class MalformedRequest {
    private static final List<String> ROUTES = List.of(
            "/admin/tx/%s",
            "/admin/payment-orders/%s",
            "/admin/wallets/%s/tx",
            "/admin/tx/%s/explain",
            "/admin/payment-orders/%s/explain",
            "/admin/search?q=%s",
            "/admin/audit?actor=%s",
            "/admin/open-pairs?older_than=%s",
            "/admin/rebuilds/%s",
            "/rebuilds/%s",
            "/admin/acts/%s",
            "/admin/generations/%s/switch",
            "/generations/acts/%s",
            "/acts/%s",
            "/%s",
            "/tx/%s",
            "/wallets/%s",
            "/static/%s");

    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "G\u00cbT", "X");

    private static final List<String> STRANGE = List.of(
            "",
            "%00",
            "%0d%0aX-Injected:%20yes",
            "%0D%0A%0D%0AHTTP/1.1 200 OK",
            "%e2%80%a8line",
            "%c0%ae%c0%ae",
            "%ff%fe",
            "%zz",
            "%",
            "%25%30%30",
            "..",
            "..%2f..%2fetc%2fpasswd",
            "..;/..;/",
            ";jsessionid=1",
            "'%20OR%20'1'='1",
            "\\x00",
            "${jndi:ldap://127.0.0.1/a}",
            "%1b[31mred%1b[0m",
            "%u0041",
            "\u00e9\u00ff",
            "#{7*7}",
            "{}",
            "a".repeat(3000),
            "%F0%9F%92%A9");

    private static final List<String> QUERIES = List.of(
            "limit=%s",
            "cursor=%s", "from=%s", "to=%s", "q=%s", "limit=1&limit=%s", "%s=1", "from=2026-01-01T00:00:00Z&to=%s");

    private static final List<String> HEADERS = List.of(
            "X-Correlation-ID: %s",
            "X-Actor-Id: %s",
            "X-Actor-Roles: %s",
            "traceparent: 00-%s-00f067aa0ba902b7-01",
            "X-Forwarded-For: %s",
            "User-Agent: %s",
            "Accept-Language: %s",
            "Accept: %s",
            "Cookie: language=%s",
            "Content-Length: %s",
            "Transfer-Encoding: %s",
            "Range: bytes=%s",
            "Expect: %s",
            "Upgrade: %s",
            "Host: %s",
            "Bad Header: %s",
            "%s",
            "X-\u00fc: %s");

    private static final String STRANGE_CHARACTERS = "\0\1\t\u001b\u007f\u0080\u00ff\"'<>&;,=:\\/%{}[]()|^`~ az09";

    private final Random random;
    private final List<String> tokens;

    /** @param tokens what {@code Authorization} may hold before it is spoilt */
    MalformedRequest(Random random, List<String> tokens) {
        this.random = random;
        this.tokens = tokens;
    }

    String next() {
        StringBuilder request = new StringBuilder(one(METHODS)).append(' ');
        String route = one(ROUTES).formatted(value().replace(" ", "%20"));
        request.append(route);
        if (random.nextInt(3) == 0) {
            request.append(route.contains("?") ? '&' : '?')
                    .append(one(QUERIES).formatted(value()).replace(" ", "+"));
        }
        request.append(" HTTP/1.1\r\n");
        if (random.nextInt(50) != 0) {
            request.append("Host: localhost\r\n");
        }
        for (int headers = random.nextInt(4); headers > 0; headers--) {
            request.append(one(HEADERS).formatted(value())).append("\r\n");
        }
        if (random.nextBoolean()) {
            request.append("Authorization: ").append(authorization()).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private String authorization() {
        String token = one(tokens);
        int at = random.nextInt(token.length());
        return switch (random.nextInt(6)) {
            case 0 -> "Bearer " + token.substring(0, at);
            case 1 -> "Bearer " + token.substring(0, at) + one(STRANGE) + token.substring(at);
            case 2 -> "Bearer " + encoded("{\"alg\":\"none\"}") + "." + encoded("{\"sub\":\"root\"}") + ".";
            case 3 -> "Bearer " + encoded(characters()) + "." + encoded(characters()) + "." + encoded(characters());
            case 4 -> "Basic " + encoded("admin:admin");
            default -> "Bearer " + value();
        };
    }

    private String value() {
        return switch (random.nextInt(4)) {
            case 0 -> "TX-1";
            case 1 -> characters();
            default -> one(STRANGE);
        };
    }

    private String characters() {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(40); left > 0; left--) {
            text.append(STRANGE_CHARACTERS.charAt(random.nextInt(STRANGE_CHARACTERS.length())));
        }
        return text.toString();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
