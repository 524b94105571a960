package txlookup.api.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a request came from: its peer, or what a trusted proxy says of that. */
public final class ClientAddress {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final Pattern WITH_PORT = Pattern.compile("(?<v4>[\\d.]+):\\d+|\\[(?<v6>[^\\]]+)\\](:\\d+)?");

    private final List<AddressBlock> trustedProxies;

    /** @param trustedProxies as {@code LookupApiSettings.Http} has checked them */
    public ClientAddress(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream()
                .map(AddressBlock::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The nearest address that is no trusted proxy. What stands left of it anyone may have written. */
    public String of(HttpServletRequest request) {
        String client = request.getRemoteAddr();
        List<String> hops = Collections.list(request.getHeaders(FORWARDED_FOR)).stream()
                .flatMap(header -> List.of(header.split(",")).stream())
                .map(String::strip)
                .toList();
        for (int hop = hops.size() - 1; hop >= 0 && isTrusted(client); hop--) {
            Optional<InetAddress> next = AddressBlock.address(withoutPort(hops.get(hop)));
            if (next.isEmpty()) {
                break;
            }
            client = next.get().getHostAddress();
        }
        return client;
    }

    private boolean isTrusted(String client) {
        return AddressBlock.address(client)
                .filter(address -> trustedProxies.stream().anyMatch(block -> block.contains(address)))
                .isPresent();
    }

    private static String withoutPort(String hop) {
        Matcher matcher = WITH_PORT.matcher(hop);
        if (!matcher.matches()) {
            return hop;
        }
        return matcher.group("v4") != null ? matcher.group("v4") : matcher.group("v6");
    }
}
