package txlookup.azure.recreate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import txlookup.azure.arm.RequestFault;
import txlookup.azure.fake.FakeAzure;
import txlookup.azure.inventory.AzureKind;

/**
 * All that a rebuild asks of the resource manager, from the group to the alerts. Each kind of request meets each fault,
 * and so do random ones: the end is right at once or after the same again.
 */
@Timeout(600)
class MakeFaultIT {
    private static final String CONSUMER = AzureKind.CONSUMER_APP.name(Making.PROFILE.naming());
    private static final int RANDOM = 200;
    private static final int QUICK = 12;

    /** Which fault, at the request of which number. */
    private record Pair(RequestFault fault, int request) {}

    @ParameterizedTest
    @EnumSource(RequestFault.class)
    @Tag("nightly")
    void eachKindOfRequestMeetsTheFault(RequestFault fault) throws Exception {
        List<Integer> kinds = kinds();
        assertThat(kinds).hasSizeGreaterThan(20);
        requireRight(kinds.stream().map(request -> new Pair(fault, request)));
    }

    @Test
    @Tag("nightly")
    void randomRequestsMeetRandomFaults() throws Exception {
        requireRight(random(1, RANDOM));
    }

    @Test
    void someRequestsMeetSomeFaults() throws Exception {
        requireRight(random(2, QUICK));
    }

    private static Stream<Pair> random(long seed, int pairs) throws Exception {
        int requests = requests().size();
        Random random = new Random(seed);
        RequestFault[] faults = RequestFault.values();
        return Stream.generate(() -> new Pair(faults[random.nextInt(faults.length)], 1 + random.nextInt(requests)))
                .limit(pairs);
    }

    private static void requireRight(Stream<Pair> pairs) throws Exception {
        List<String> wanted;
        try (FakeAzure azure = start()) {
            Making.run(Platforms.client(azure, new Clockwork(), Duration.ofMinutes(10)));
            wanted = azure.ids();
        }
        for (Pair pair : pairs.toList()) {
            try (FakeAzure azure = start()) {
                if (!endsAtOnce(azure, pair)) {
                    Making.run(Platforms.client(azure, new Clockwork(), Duration.ofMinutes(10)));
                }
                assertThat(azure.ids()).as(pair.toString()).containsExactlyInAnyOrderElementsOf(wanted);
                assertThat(azure.active(CONSUMER)).as(pair.toString()).hasSize(1);
            }
        }
    }

    private static boolean endsAtOnce(FakeAzure azure, Pair pair) throws Exception {
        try (RequestFault.Injection injection = pair.fault().at(pair.request(), azure)) {
            Making.run(injection.client(new Clockwork()));
            return true;
        } catch (IOException | RequestFault.Killed ended) {
            return false;
        }
    }

    /** The first request of each kind: method, type, and which deployment or list. */
    private static List<Integer> kinds() throws Exception {
        List<String> requests = requests();
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            first.putIfAbsent(requests.get(i).replaceAll("(executions|operations)/.*", "$1/one"), i + 1);
        }
        return new ArrayList<>(first.values());
    }

    private static List<String> requests() throws Exception {
        try (FakeAzure azure = start()) {
            azure.interfere((number, method, path) -> java.util.Optional.empty());
            Making.run(Platforms.client(azure, new Clockwork(), Duration.ofMinutes(10)));
            return azure.requests();
        }
    }

    private static FakeAzure start() throws IOException {
        return FakeAzure.start(0, new FakeAzure.Slowness(1, 1, 1, 0, 1_000));
    }
}
