package txlookup.fuzz.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import txlookup.apply.decode.Decoder;
import txlookup.profiles.events.EventProfiles;

/** The decoder as the consumer makes it, and the judge with the same clock, skew and nonce. */
public final class Product {
    public static final Instant NOW = Instant.parse("2026-02-05T12:00:00Z");
    static final Duration SKEW = Duration.ofHours(1);
    public static final long GENERATION = 20260205010000L;
    public static final String NONCE = Long.toString(GENERATION);

    private Product() {}

    public static Decoder decoder() {
        return new Decoder(EventProfiles.load("canonical-v1"), SKEW, Clock.fixed(NOW, ZoneOffset.UTC), NONCE);
    }

    public static ContractDecoder contract() {
        return new ContractDecoder(NOW, SKEW, NONCE);
    }
}
