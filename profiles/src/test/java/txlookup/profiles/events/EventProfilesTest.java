package txlookup.profiles.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import txlookup.profiles.schema.ProfileProblem;

class EventProfilesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "canonical-v1, ledger.entry.upserted, payment.order.upserted",
        "nsc-dev-v1, cdc-events, order-events",
        "debezium-v1, txsource.public.transaction_ledger, txsource.public.payment_orders"
    })
    void shippedProfilesKnowTheirTopicsAndEveryFieldOfTheContract(String name, String ledger, String paymentOrder) {
        EventProfile profile = EventProfiles.load(name);

        assertThat(profile.name()).isEqualTo(name);
        assertThat(profile.ledgerTopic()).isEqualTo(ledger);
        assertThat(profile.paymentOrderTopic()).isEqualTo(paymentOrder);
        assertThat(profile.ledger().byName().keySet())
                .containsExactly(
                        "tx_id",
                        "wallet_id",
                        "entry_type",
                        "amount",
                        "amount_signed",
                        "related_id",
                        "related_type",
                        "event_time",
                        "created_at",
                        "updated_at",
                        "version");
        assertThat(profile.paymentOrder().byName().keySet())
                .containsExactly(
                        "order_id",
                        "amount",
                        "status",
                        "created_at",
                        "user_id",
                        "merchant_name",
                        "updated_at",
                        "version");
    }

    @Test
    void canonicalProfileSaysWhatTheContractSays() {
        EventProfile profile = EventProfiles.load("canonical-v1");

        assertThat(profile.unwrap()).isEmpty();
        assertThat(profile.unavailable()).isEmpty();
        assertThat(profile.ledger().field("event_time"))
                .isEqualTo(new EventField(
                        "event_time",
                        FieldType.TIME,
                        true,
                        List.of("event_time", "source_created_at"),
                        List.of("created_at"),
                        SourceTimeUnit.ISO));
        assertThat(profile.ledger().field("created_at"))
                .isEqualTo(new EventField(
                        "created_at",
                        FieldType.TIME,
                        false,
                        List.of("created_at"),
                        List.of("source_created_at", "event_time"),
                        SourceTimeUnit.ISO));
        assertThat(profile.ledger().field("version").aliases()).containsExactly("version", "source_version");
        assertThat(profile.ledger().field("version").type()).isEqualTo(FieldType.INTEGER);
        assertThat(profile.ledger().field("entry_type").aliases()).containsExactly("entry_type", "type");
        assertThat(profile.ledger().field("amount").type()).isEqualTo(FieldType.DECIMAL);
        assertThat(required(profile.ledger()))
                .containsExactly("tx_id", "wallet_id", "entry_type", "amount", "event_time");
        assertThat(required(profile.paymentOrder())).containsExactly("order_id", "amount", "status", "created_at");
    }

    @Test
    void debeziumProfileUnwrapsTheEnvelopeAndReadsMicroseconds() {
        EventProfile profile = EventProfiles.load("debezium-v1");

        assertThat(profile.unwrap())
                .extracting(FieldPath::toString)
                .containsExactly("payload.after", "after", "payload");
        assertThat(profile.ledger().field("event_time").timeUnit()).isEqualTo(SourceTimeUnit.EPOCH_MICROS);
        assertThat(profile.ledger().field("amount").timeUnit()).isEqualTo(SourceTimeUnit.ISO);
    }

    @Test
    void everyPropertyOfAnEventProfileCanBeSet() throws IOException {
        String text = EventProfileText.canonical()
                .replace("name: canonical-v1", "name: mine")
                .replace("ledger: ledger.entry.upserted", "ledger: a.b")
                .replace("timeUnit: iso", "timeUnit: epoch-millis\nunwrap: [x.y]\nunavailable: gone")
                .replace(
                        "updated_at: {type: time}",
                        "updated_at: {type: time, required: true, aliases: [u1, u2], fallbacks: [u3], timeUnit: iso}");

        EventProfile profile = EventProfiles.load(EventProfileText.write(folder, "mine.yaml", text));

        assertThat(profile.name()).isEqualTo("mine");
        assertThat(profile.ledgerTopic()).isEqualTo("a.b");
        assertThat(profile.unwrap()).containsExactly(new FieldPath(List.of("x", "y")));
        assertThat(profile.unavailable()).contains("gone");
        assertThat(profile.ledger().field("event_time").timeUnit()).isEqualTo(SourceTimeUnit.EPOCH_MILLIS);
        assertThat(profile.ledger().field("updated_at"))
                .isEqualTo(new EventField(
                        "updated_at", FieldType.TIME, true, List.of("u1", "u2"), List.of("u3"), SourceTimeUnit.ISO));
    }

    @Test
    void fileInTheWorkingDirectoryWinsOverTheShippedOne() throws IOException {
        Files.createDirectories(folder.resolve("profiles/events"));
        Files.writeString(
                folder.resolve("profiles/events/canonical-v1.yaml"),
                EventProfileText.canonical().replace("ledger.entry", "my.entry"));
        List<ProfileProblem> problems = new ArrayList<>();

        EventProfile profile = EventProfiles.load(folder, "events.profile", "canonical-v1", "test", problems)
                .orElseThrow();

        assertThat(problems).isEmpty();
        assertThat(profile.ledgerTopic()).isEqualTo("my.entry.upserted");
    }

    private static List<String> required(EventFields fields) {
        return fields.all().stream()
                .filter(EventField::required)
                .map(EventField::name)
                .toList();
    }
}
