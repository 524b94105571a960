package txlookup.apply.store.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static txlookup.apply.store.batch.StoreFixture.CUTOVER;
import static txlookup.apply.store.deadletter.DeadLetterState.DISCARDED;
import static txlookup.apply.store.deadletter.DeadLetterState.OPEN;
import static txlookup.apply.store.deadletter.DeadLetterState.RESOLVED;
import static txlookup.apply.store.deadletter.DeadLetterState.SUPERSEDED;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import txlookup.apply.decode.Decoder;
import txlookup.apply.model.DeadLetter;
import txlookup.apply.model.DeadLetter.Reason;
import txlookup.apply.model.Decoded;
import txlookup.apply.model.Entity;
import txlookup.apply.model.SourceHeaders;
import txlookup.apply.model.SourceRecord;
import txlookup.apply.replay.OrderRunner;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.profiles.events.EventProfiles;

/** The life of dead letters against a real store. */
class ReplayIT {
    private static final String TOPIC = "ledger.entry.upserted";
    private static final DeadLetterSelection ALL = DeadLetterSelection.all();
    private static final Duration SKEW = Duration.ofHours(1);

    private StoreFixture fixture;
    private DeadLetters deadLetters;
    private DeadLetterRuns runs;
    private long position;
    private long lastId;

    @BeforeEach
    void open() throws Exception {
        fixture = new StoreFixture();
        deadLetters = new DeadLetters(fixture.connections);
        runs = new DeadLetterRuns(fixture.connections);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whatCanBeReadNowIsResolvedAndSaysThatAReplayBroughtIt() throws Exception {
        StoredDeadLetter letter = setAside(entry("tx-1", "2026-02-05T03:00:00Z", 1), Reason.FUTURE_TIMESTAMP);

        DeadLetterRun run = replay(ALL);

        assertThat(run.selected()).isEqualTo(1);
        assertThat(run.resolved()).isEqualTo(1);
        assertThat(run.endedAt()).isNotNull();
        StoredDeadLetter settled = deadLetters.find(letter.id()).orElseThrow();
        assertThat(settled.state()).isEqualTo(RESOLVED);
        assertThat(settled.settledBy()).isEqualTo("ann");
        assertThat(settled.attempts()).isEqualTo(1);
        assertThat(fixture.query(
                        "SELECT kind || ' ' || source_position FROM ledger_entry JOIN coverage USING (source_id)"))
                .containsExactly("REPLAY " + letter.id());
    }

    @Test
    void aTrialRemembersWhatItTriedAndKeepsNothing() throws Exception {
        StoredDeadLetter readable = setAside(entry("tx-1", "2026-02-05T03:00:00Z", 1), Reason.FUTURE_TIMESTAMP);
        StoredDeadLetter not = setAside("{bad".getBytes(UTF_8), Reason.PARSE_ERROR);

        DeadLetterRun trial =
                carryOut(runs.begin(DeadLetterOrder.trial(ALL, "ann"), "ann")).run();

        assertThat(trial.resolved()).isEqualTo(1);
        assertThat(fixture.query("SELECT run_id, dead_letter_id FROM dead_letter_trial ORDER BY 2"))
                .containsExactly(trial.id() + " " + readable.id(), trial.id() + " " + not.id());
        assertThat(fixture.query("SELECT count(*) FROM ledger_entry")).containsExactly("0");
    }

    @Test
    void aPatchIsAppliedInThePlaceOfTheValueWhichStays() throws Exception {
        byte[] value = "{bad".getBytes(UTF_8);
        StoredDeadLetter letter = setAside(value, Reason.PARSE_ERROR);
        String patch = new String(entry("tx-9", "2026-02-05T00:00:00Z", 1), UTF_8);
        DeadLetterSelection one = new DeadLetterSelection(List.of(letter.id()), null, null);

        DeadLetterRun run = carryOut(runs.begin(
                        new DeadLetterOrder(DeadLetterRun.Action.REPLAY, one, "ann", null, false, patch, 0), "ann"))
                .run();

        assertThat(run.resolved()).isEqualTo(1);
        assertThat(fixture.query("SELECT tx_id FROM ledger_entry")).containsExactly("tx-9");
        assertThat(deadLetters.find(letter.id()).orElseThrow().record().value()).isEqualTo(value);
        assertThat(deadLetters.find(letter.id()).orElseThrow().state()).isEqualTo(RESOLVED);
    }

    @Test
    void theBytesStayAsTheyCame() throws Exception {
        byte[] value = {0, (byte) 0xff, 1, '{'};
        StoredDeadLetter letter = setAside(value, Reason.PARSE_ERROR);

        replay(ALL);

        assertThat(deadLetters.find(letter.id()).orElseThrow().record().value()).isEqualTo(value);
    }

    @Test
    void whatIsRefusedStillIsOpenAgainWithOneAttemptMore() throws Exception {
        StoredDeadLetter letter = setAside("{bad".getBytes(UTF_8), Reason.FUTURE_TIMESTAMP);

        OrderRunner.Outcome outcome = carryOut(runs.begin(DeadLetterOrder.replay(ALL, "ann"), "ann"));

        assertThat(outcome.run().refused()).isEqualTo(1);
        assertThat(outcome.refusals()).isEqualTo(Map.of("parse_error", 1));
        StoredDeadLetter open = deadLetters.find(letter.id()).orElseThrow();
        assertThat(open.state()).isEqualTo(OPEN);
        assertThat(open.attempts()).isEqualTo(1);
        assertThat(open.reason()).isEqualTo("parse_error");
    }

    @Test
    void whatIsOlderThanTheStoreIsSuperseded() throws Exception {
        StoredDeadLetter letter = setAside(entry("tx-1", "2026-02-05T00:00:00Z", 1), Reason.FUTURE_TIMESTAMP);
        apply(decode(new SourceRecord(7, CUTOVER, entry("tx-1", "2026-02-05T00:30:00Z", 2))));

        assertThat(replay(ALL).superseded()).isEqualTo(1);
        assertThat(deadLetters.find(letter.id()).orElseThrow().state()).isEqualTo(SUPERSEDED);
        assertThat(fixture.query("SELECT version::text FROM ledger_entry")).containsExactly("2");
    }

    @Test
    void ofTwoOfOneKeyTheNewerWinsAndTheOtherIsSuperseded() throws Exception {
        StoredDeadLetter newer = setAside(entry("tx-1", "2026-02-05T00:30:00Z", 2), Reason.FUTURE_TIMESTAMP);
        StoredDeadLetter older = setAside(entry("tx-1", "2026-02-05T00:00:00Z", 1), Reason.FUTURE_TIMESTAMP);

        replay(ALL);

        assertThat(deadLetters.find(newer.id()).orElseThrow().state()).isEqualTo(RESOLVED);
        assertThat(deadLetters.find(older.id()).orElseThrow().state()).isEqualTo(SUPERSEDED);
    }

    @Test
    void aValueThatOnlyTheStoreRefusesIsFoundAmongTheOthers() throws Exception {
        StoredDeadLetter good = setAside(entry("tx-1", "2026-02-05T00:00:00Z", 1), Reason.PARSE_ERROR);
        StoredDeadLetter tooLong =
                setAside(entry("x".repeat(2_000_000), "2026-02-05T00:00:00Z", 1), Reason.PARSE_ERROR);

        DeadLetterRun run = replay(ALL);

        assertThat(run.resolved()).isEqualTo(1);
        assertThat(run.refused()).isEqualTo(1);
        assertThat(deadLetters.find(good.id()).orElseThrow().state()).isEqualTo(RESOLVED);
        assertThat(deadLetters.find(tooLong.id()).orElseThrow().reason()).isEqualTo("value_out_of_range");
    }

    @Test
    void aDryRunTellsWhatWouldBecomeOfThemAndChangesNothing() throws Exception {
        setAside(entry("tx-1", "2026-02-05T00:00:00Z", 1), Reason.FUTURE_TIMESTAMP);
        setAside("{bad".getBytes(UTF_8), Reason.PARSE_ERROR);

        OrderRunner.Outcome outcome = carryOut(runs.begin(DeadLetterOrder.trial(ALL, "ann"), "ann"));

        assertThat(outcome.run().resolved()).isEqualTo(1);
        assertThat(outcome.run().refused()).isEqualTo(1);
        assertThat(deadLetters.page(ALL, EnumSet.allOf(DeadLetterState.class), 0, 10))
                .extracting(StoredDeadLetter::state, StoredDeadLetter::attempts)
                .containsOnly(tuple(OPEN, 0));
        assertThat(fixture.query("SELECT count(*)::text FROM ledger_entry")).containsExactly("0");
    }

    @Test
    void onlyWhatIsMeantIsReplayed() throws Exception {
        StoredDeadLetter one = setAside(entry("tx-1", "2026-02-05T00:00:00Z", 1), Reason.FUTURE_TIMESTAMP);
        StoredDeadLetter other = setAside(entry("tx-2", "2026-02-05T00:00:00Z", 1), Reason.PARSE_ERROR);

        assertThat(replay(new DeadLetterSelection(List.of(), "tombstone", null)).selected())
                .isZero();
        assertThat(replay(new DeadLetterSelection(List.of(), null, "orders")).selected())
                .isZero();
        replay(new DeadLetterSelection(List.of(one.id()), "future_timestamp", TOPIC));

        assertThat(deadLetters.find(one.id()).orElseThrow().state()).isEqualTo(RESOLVED);
        assertThat(deadLetters.find(other.id()).orElseThrow().state()).isEqualTo(OPEN);
    }

    @Test
    void whatFailsAgainAndAgainIsLeftAloneUnlessItIsNamed() throws Exception {
        StoredDeadLetter letter = setAside("{bad".getBytes(UTF_8), Reason.PARSE_ERROR);
        for (int i = 0; i < DeadLetterRuns.MOST_ATTEMPTS; i++) {
            assertThat(replay(ALL).selected()).isEqualTo(1);
        }

        assertThat(replay(ALL).selected()).isZero();
        assertThat(replay(new DeadLetterSelection(List.of(letter.id()), null, null))
                        .selected())
                .isEqualTo(1);
    }

    @Test
    void discardingKeepsWhoAndWhyAndOnlyTakesOpenOnes() throws Exception {
        StoredDeadLetter letter = setAside("{bad".getBytes(UTF_8), Reason.PARSE_ERROR);

        assertThat(discard(ALL, "ann", "test data").discarded()).isEqualTo(1);
        assertThat(discard(ALL, "bob", "again").discarded()).isZero();

        StoredDeadLetter discarded = deadLetters.find(letter.id()).orElseThrow();
        assertThat(discarded.state()).isEqualTo(DISCARDED);
        assertThat(discarded.settledBy()).isEqualTo("ann");
        assertThat(discarded.note()).isEqualTo("test data");
        assertThat(replay(ALL).selected()).isZero();
    }

    @Test
    void onlyResolvedAndSupersededOnesAgeOut() throws Exception {
        setAside(entry("tx-1", "2026-02-05T00:00:00Z", 1), Reason.FUTURE_TIMESTAMP);
        replay(ALL);
        setAside("{open".getBytes(UTF_8), Reason.PARSE_ERROR);
        StoredDeadLetter unwanted = setAside("{bad".getBytes(UTF_8), Reason.PARSE_ERROR);
        discard(new DeadLetterSelection(List.of(unwanted.id()), null, null), "ann", "test data");

        assertThat(deadLetters.ageOut(Duration.ofDays(1))).isZero();
        assertThat(deadLetters.ageOut(Duration.ZERO)).isEqualTo(1);
        assertThat(deadLetters.summary()).extracting(DeadLetters.Group::state).containsExactly(DISCARDED, OPEN);
    }

    private DeadLetterRun discard(DeadLetterSelection selection, String actor, String note) throws Exception {
        return carryOut(runs.begin(DeadLetterOrder.discard(selection, actor, note), actor))
                .run();
    }

    private DeadLetterRun replay(DeadLetterSelection selection) throws Exception {
        return carryOut(runs.begin(DeadLetterOrder.replay(selection, "ann"), "ann"))
                .run();
    }

    private OrderRunner.Outcome carryOut(DeadLetterRun run) throws Exception {
        return replayer().carryOut(run, done -> {});
    }

    private OrderRunner replayer() {
        return new OrderRunner(fixture.connections, runs, decoder(), Map.of(TOPIC, Entity.LEDGER_ENTRY));
    }

    /** As an earlier build, which did not know markers, kept it. */
    @Test
    void aMarkerAmongDeadLettersIsDiscardedWhateverItsValueSays() throws Exception {
        String headers = "[{\"key\":\"dHhsb29rdXAtY2FuYXJ5\",\"value\":\"MjAyNjAyMDUwMTAwMDA=\"}]";
        SourceRecord record = new SourceRecord(
                position++, CUTOVER, null, entry("poisoned", "2026-02-05T01:00:00Z", 1), SourceHeaders.ofJson(headers));
        fixture.apply(fixture.claim(TOPIC, 0), new DeadLetter(record, Reason.PARSE_ERROR, "not known"));

        DeadLetterRun run = replay(ALL);

        assertThat(run.discarded()).isEqualTo(1);
        assertThat(fixture.query("SELECT state, note FROM dead_letter"))
                .containsExactly("DISCARDED a marker event, which is no data");
        assertThat(fixture.query("SELECT count(*) FROM ledger_entry")).containsExactly("0");
    }

    private static Decoder decoder() {
        return new Decoder(
                EventProfiles.load("canonical-v1"),
                SKEW,
                Clock.fixed(Instant.parse("2026-02-05T02:30:00Z"), ZoneOffset.UTC),
                "20260205010000");
    }

    private static Decoded decode(SourceRecord record) {
        return decoder().decode(Entity.LEDGER_ENTRY, record);
    }

    private void apply(Decoded decoded) throws Exception {
        fixture.apply(fixture.claim(TOPIC, 1), decoded);
    }

    private StoredDeadLetter setAside(byte[] value, Reason reason) throws Exception {
        SourceRecord record = new SourceRecord(position++, CUTOVER, "key".getBytes(UTF_8), value, null);
        fixture.apply(fixture.claim(TOPIC, 0), new DeadLetter(record, reason, "as the test says"));
        StoredDeadLetter stored = deadLetters
                .page(ALL, EnumSet.allOf(DeadLetterState.class), lastId, 1)
                .get(0);
        lastId = stored.id();
        return stored;
    }

    private static byte[] entry(String txId, String updatedAt, int version) {
        return """
                {"tx_id":"%s","wallet_id":"w","entry_type":"PAYMENT","amount":"1.00","related_id":"po-1",\
                "related_type":"PAYMENT_ORDER","event_time":"2026-02-05T01:00:00Z","updated_at":"%s","version":%d}""".formatted(txId, updatedAt, version).getBytes(UTF_8);
    }
}
