package txlookup.guarantee.witness;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import txlookup.guarantee.stream.Poison;
import txlookup.guarantee.stream.TrialEvent;

/**
 * What one seed publishes: snapshots of entries and orders that disagree in every way the order of snapshots has to
 * decide, in no order, some of them twice, some of them bad. The same seed gives the same history.
 */
public final class History {
    private static final Instant BASE = Instant.parse("2026-02-05T01:00:00Z");
    private static final int PARTITIONS = 2;
    private static final int HOT_KEYS = 10;

    private final Random random;
    private final int keys;
    private final boolean keysKeepTheirPartition;
    private final boolean timesRise;
    private final List<TrialEvent> events = new ArrayList<>();

    public History(long seed) {
        random = new Random(seed);
        keys = 20 + random.nextInt(400);
        keysKeepTheirPartition = random.nextInt(3) == 0;
        timesRise = random.nextBoolean();
        int count = 1500 + random.nextInt(2500);
        int poisonIn1000 = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(12)) {
                case 0 -> again();
                case 1 -> tie(i);
                default -> events.add(event(i, random.nextInt(1000) < poisonIn1000));
            }
        }
        Collections.shuffle(events.subList(events.size() / 2, events.size()), random);
    }

    public List<TrialEvent> events() {
        return events;
    }

    int partitions() {
        return PARTITIONS;
    }

    /** A snapshot of each of these entries in every partition, in an order of its own in each. */
    public static List<TrialEvent> everywhere(List<String> ids, int partitions, long version, Random random) {
        List<TrialEvent> events = new ArrayList<>();
        List<String> shuffled = new ArrayList<>(ids);
        for (int partition = 0; partition < partitions; partition++) {
            Collections.shuffle(shuffled, random);
            for (String id : shuffled) {
                events.add(entry(id, partition, version + partition, BASE));
            }
        }
        return events;
    }

    /** @param time the record's, by the producer's clock */
    public static TrialEvent entry(String id, int partition, long version, Instant time) {
        String members =
                "\"tx_id\":\"%s\",\"wallet_id\":\"w-%d\",\"type\":\"FEE\",\"amount\":1,\"created_at\":\"%s\",\"version\":%d"
                        .formatted(id, partition, BASE, version);
        return new TrialEvent(true, partition, -1, time, bytes(id), bytes("{" + members + "}"));
    }

    /** Ids that nothing else has. */
    public static List<String> newIds(String prefix, int count, Random random) {
        String met = prefix + random.nextInt(1_000_000) + "-";
        return IntStream.range(0, count).mapToObj(n -> met + n).toList();
    }

    /** In bursts of one record to hundreds. */
    public List<List<TrialEvent>> bursts() {
        List<List<TrialEvent>> bursts = new ArrayList<>();
        for (int from = 0; from < events.size(); ) {
            int most = random.nextInt(6) == 0 ? 600 : 60;
            int to = Math.min(from + 1 + random.nextInt(most), events.size());
            bursts.add(events.subList(from, to));
            from = to;
        }
        return bursts;
    }

    /** The same bytes, with the same time or told by another clock. */
    private void again() {
        if (!events.isEmpty()) {
            TrialEvent event = events.get(random.nextInt(events.size()));
            Instant time = random.nextBoolean() ? event.time() : recordTime();
            events.add(new TrialEvent(event.ledger(), partition(event.key()), -1, time, event.key(), event.value()));
        }
    }

    /** Other content at the same {@code updated_at}, version and record time: only the digest tells which wins. */
    private void tie(int number) {
        String id = id("tied-" + random.nextInt(30));
        Instant time = BASE;
        for (int i = 0; i < 2; i++) {
            byte[] key = bytes(id);
            String members =
                    "\"tx_id\":\"%s\",\"wallet_id\":\"w-%d-%d\",\"type\":\"PAYMENT\",\"amount\":%d,\"created_at\":\"%s\",\"version\":1"
                            .formatted(id, number, i, number, BASE);
            events.add(new TrialEvent(true, partition(key), -1, time, key, bytes("{" + members + "}")));
        }
    }

    private TrialEvent event(int number, boolean poison) {
        boolean ledger = random.nextInt(4) != 0;
        String id = id((ledger ? "tx-" : "po-") + random.nextInt(random.nextBoolean() ? HOT_KEYS : keys));
        byte[] key = bytes(id);
        String members = (ledger ? entry(id) : order(id)) + order(number) + ",\"schema_version\":[1,{\"x\":null}]";
        byte[] value = poison ? Poison.of(members, random) : bytes("{" + members + "}");
        return new TrialEvent(ledger, partition(key), -1, recordTime(), key, value);
    }

    private String entry(String id) {
        String related = random.nextInt(3) == 0 ? "" : ",\"related_id\":\"po-" + random.nextInt(keys) + "\"";
        String relatedType = random.nextBoolean() ? "" : ",\"related_type\":\"PAYMENT_ORDER\"";
        return "\"tx_id\":\"%s\",\"wallet_id\":%s,\"%s\":\"%s\",\"amount\":%s,\"amount_signed\":%s,\"%s\":\"%s\"%s%s"
                .formatted(
                        id,
                        one("\"w-" + random.nextInt(9) + "\"", "\" w \"", "77"),
                        one("entry_type", "type"),
                        one("PAYMENT", "RECEIVE", "FEE"),
                        amount(),
                        one(amount(), "null"),
                        one("event_time", "source_created_at", "created_at"),
                        time(random.nextInt(100_000)),
                        related,
                        relatedType);
    }

    private String order(String id) {
        return "\"order_id\":\"%s\",\"amount\":%s,\"status\":\"%s\",\"created_at\":\"%s\",\"user_id\":%s"
                .formatted(
                        id,
                        amount(),
                        one("PAID", "CREATED", "취소"),
                        time(random.nextInt(100_000)),
                        one("\"u\"", "12", "null", "\"\""));
    }

    /**
     * Few instants and few versions, so that ties are many; clocks an hour slow and half an hour fast among them. Where
     * times rise, the busiest keys are replaced again and again.
     */
    private String order(int number) {
        int now = timesRise ? 60 * number : 0;
        String updated =
                random.nextInt(4) == 0 ? "" : ",\"updated_at\":\"" + time(now + one(-3600, 0, 0, 0, 1, 2, 1800)) + "\"";
        String version = random.nextInt(4) == 0
                ? ""
                : ",\"%s\":%s".formatted(one("version", "source_version"), one("0", "1", "\"2\"", "-1", "\"+3\""));
        return updated + version;
    }

    private String amount() {
        String digits = random.nextInt(100_000) + one("", ".1", ".10", ".100000");
        return one(digits, "\"" + digits + "\"", "\"-" + digits + "\"", "12E+3", "1.50e-1");
    }

    private String time(int seconds) {
        Instant time = BASE.plusSeconds(seconds);
        String local = time.toString().replace("Z", "");
        return one(
                time.toString(),
                local,
                local.replace('T', ' ') + ".123456789Z",
                time.plus(9, ChronoUnit.HOURS).toString().replace("Z", "+09:00"));
    }

    private Instant recordTime() {
        return BASE.plusSeconds(one(-2400, 0, 0, 1, 2400));
    }

    /** One partition is busier than the other, so that batches that meet differ in size. */
    private int partition(byte[] key) {
        return keysKeepTheirPartition
                ? Math.floorMod(new String(key, StandardCharsets.UTF_8).hashCode(), PARTITIONS)
                : random.nextInt(4) / 3;
    }

    private String id(String id) {
        return random.nextInt(20) == 0 ? id + "-" + random.nextInt(1_000_000) : id;
    }

    @SafeVarargs
    private <T> T one(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
