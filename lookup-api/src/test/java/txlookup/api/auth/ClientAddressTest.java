package txlookup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.api.Requests;

class ClientAddressTest {
    private final ClientAddress addresses = new ClientAddress(List.of("10.0.0.0/8", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "203.0.113.9, none, 203.0.113.9",
                "203.0.113.9, 198.51.100.1, 203.0.113.9",
                "10.0.0.1, none, 10.0.0.1",
                "10.0.0.1, 198.51.100.1, 198.51.100.1",
                "10.0.0.1, '6.6.6.6, 198.51.100.1', 198.51.100.1",
                "10.0.0.1, '6.6.6.6, 198.51.100.1, 10.0.0.2', 198.51.100.1",
                "10.0.0.1, '10.0.0.3, 10.0.0.2', 10.0.0.3",
                "10.0.0.1, '198.51.100.1:4711', 198.51.100.1",
                "10.0.0.1, '[2001:db8::1]:4711', 2001:db8:0:0:0:0:0:1",
                "10.0.0.1, '198.51.100.1, unknown', 10.0.0.1",
                "fd00::1, 2001:db8::1, 2001:db8:0:0:0:0:0:1"
            })
    void theNearestAddressThatIsNoTrustedProxyIsTheClient(String peer, String forwardedFor, String client) {
        assertThat(addresses.of(Requests.from(peer, forwardedFor))).isEqualTo(client);
    }
}
