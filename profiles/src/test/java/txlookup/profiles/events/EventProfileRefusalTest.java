package txlookup.profiles.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;

class EventProfileRefusalTest {

    @TempDir
    Path folder;

    @Test
    void everyBreachOfTheSchemaIsReportedAtOnce() throws IOException {
        String text = EventProfileText.canonical()
                .replace("name: canonical-v1", "name: Mine!\ncolour: blue")
                .replace("    wallet_id: {type: text, required: true}", "    walletId: {type: text}")
                .replace("amount_signed: {type: decimal}", "amount_signed: {type: text}")
                .replace("tx_id: {type: text, required: true}", "tx_id: {type: text}")
                .replace("timeUnit: iso", "timeUnit: weeks\nunwrap: ['a..b']")
                .replace("aliases: [entry_type, type]", "aliases: [type, type]");

        assertThat(refusal(EventProfileText.write(folder, "mine.yaml", text)))
                .extracting(ProfileProblem::field)
                .containsExactlyInAnyOrder(
                        "name",
                        "colour",
                        "fields.ledger.wallet_id",
                        "fields.ledger.walletId",
                        "fields.ledger.amount_signed.type",
                        "fields.ledger.tx_id.required",
                        "timeUnit",
                        "unwrap.0",
                        "fields.ledger.entry_type.aliases");
    }

    @Test
    void everyBreachOfTheRulesIsReportedAtOnce() throws IOException {
        String text = EventProfileText.canonical()
                .replace("paymentOrder: payment.order.upserted", "paymentOrder: ledger.entry.upserted")
                .replace("related_id: {type: text}", "related_id: {type: text, aliases: [related_id, tx_id]}")
                .replace("fallbacks: [created_at]", "fallbacks: [created_at, event_time]")
                .replace("status: {type: text, required: true}", "status: {type: text, required: true, aliases: []}")
                .replace("merchant_name: {type: text}", "merchant_name: {type: text, timeUnit: iso}");

        assertThat(refusal(EventProfileText.write(folder, "mine.yaml", text)))
                .extracting(ProfileProblem::field)
                .containsExactly(
                        "topics.paymentOrder",
                        "fields.ledger.related_id.aliases",
                        "fields.ledger.event_time.fallbacks",
                        "fields.paymentOrder.status",
                        "fields.paymentOrder.merchant_name.timeUnit");
    }

    @Test
    void unknownNameIsRefusedWithTheNamesThatExist() {
        assertThat(refusal("canonical-v9")).singleElement().satisfies(problem -> {
            assertThat(problem.seen()).contains("canonical-v9");
            assertThat(problem.wanted()).contains("canonical-v1", "nsc-dev-v1", "debezium-v1");
        });
    }

    @Test
    void textThatIsNotYamlIsRefusedWithItsLineAndWithoutItsContent() throws IOException {
        String file = EventProfileText.write(folder, "mine.yaml", "name: mine\nname: hunter2\n");

        assertThat(refusal(file)).singleElement().satisfies(problem -> {
            assertThat(problem.seen()).contains("line 2").doesNotContain("hunter2");
            assertThat(problem.origin()).contains(file);
        });
        assertThat(refusal(EventProfileText.write(folder, "empty.yaml", ""))).hasSize(1);
        assertThat(refusal(EventProfileText.write(folder, "list.yaml", "- a\n")))
                .hasSize(1);
    }

    private static List<ProfileProblem> refusal(String nameOrPath) {
        ProfileException refusal = catchThrowableOfType(ProfileException.class, () -> EventProfiles.load(nameOrPath));
        assertThat(refusal).as("refusal of " + nameOrPath).isNotNull();
        assertThat(refusal.getMessage().lines()).hasSize(refusal.problems().size() + 1);
        return refusal.problems();
    }
}
