package txlookup.fuzz.input;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Good events, in all the ways in which the contract lets them be written. */
final class EventMaker {
    /** A member, its name and value as they stand in the text. */
    record Member(String name, String value) {}

    private static final Instant BASE = Instant.parse("2026-02-05T01:00:00Z");

    private static final int WIDER = 1_200;

    private final Choices choices;
    private final int keys;

    /** @param keys how many ids there are that many events of an entity share; others are shared by a few */
    EventMaker(Choices choices, int keys) {
        this.choices = choices;
        this.keys = keys;
    }

    List<Member> event(boolean ledger) {
        List<Member> members = new ArrayList<>(ledger ? entry() : order());
        if (!choices.oneIn(4)) {
            add(members, "updated_at", time(choices.below(4)));
        }
        if (!choices.oneIn(4)) {
            add(
                    members,
                    choices.one(List.of("version", "source_version")),
                    choices.one(List.of("0", "1", "\"2\"", "-1", "null")));
        }
        if (choices.oneIn(4)) {
            add(
                    members,
                    "schema_version",
                    choices.one(List.of("1", "[1,{\"x\":null}]", "{\"tx_id\":\"inner\"}", "1e400")));
        }
        return members;
    }

    private List<Member> entry() {
        List<Member> members = new ArrayList<>();
        add(members, "tx_id", "\"" + id("tx") + "\"");
        add(members, "wallet_id", choices.one(List.of("\"w-1\"", "\"w-2\"", "\" w \"", "77")));
        add(
                members,
                choices.one(List.of("entry_type", "type")),
                choices.one(List.of("\"PAYMENT\"", "\"RECEIVE\"", "\"FEE\"")));
        add(members, "amount", amount());
        if (choices.oneIn(2)) {
            add(members, "amount_signed", choices.oneIn(3) ? "null" : amount());
        }
        if (choices.oneIn(2)) {
            add(members, "related_id", "\"" + id("po") + "\"");
            add(members, "related_type", "\"PAYMENT_ORDER\"");
        }
        add(
                members,
                choices.one(List.of("event_time", "source_created_at", "created_at")),
                time(choices.below(100_000)));
        if (choices.oneIn(4)) {
            add(members, "created_at", time(choices.below(100_000)));
        }
        return members;
    }

    private List<Member> order() {
        List<Member> members = new ArrayList<>();
        add(members, "order_id", "\"" + id("po") + "\"");
        add(members, "amount", amount());
        add(members, "status", choices.one(List.of("\"PAID\"", "\"CREATED\"", "\"취소\"", "\" failed \"")));
        add(members, "created_at", time(choices.below(100_000)));
        if (choices.oneIn(2)) {
            add(members, "user_id", choices.one(List.of("\"u\"", "12", "null", "\"\"")));
        }
        if (choices.oneIn(2)) {
            add(members, "merchant_name", choices.one(List.of("\"청춘 약국\"", "\"\\uccad\\ucd98\"", "\"\"")));
        }
        return members;
    }

    /** A member that is there already stays as it is: a good event names none twice. */
    private static void add(List<Member> members, String name, String value) {
        if (members.stream().noneMatch(member -> member.name().equals(name))) {
            members.add(new Member(name, value));
        }
    }

    String id(String prefix) {
        // Where a thousand events share a key, an extreme one wins whatever the order makes of the others.
        return prefix + "-" + (choices.oneIn(2) ? choices.below(keys) : keys + choices.below(WIDER * keys));
    }

    private String amount() {
        String digits = choices.below(10_000) + choices.one(List.of("", ".1", ".10", ".100000"));
        return choices.one(List.of(digits, "\"" + digits + "\"", "\"-" + digits + "\"", "12E+3", "1.50e-1"));
    }

    private String time(int seconds) {
        Instant time = BASE.plusSeconds(seconds);
        String local = time.toString().replace("Z", "");
        return "\""
                + choices.one(List.of(
                        time.toString(),
                        local,
                        local.replace('T', ' ') + ".123456789Z",
                        time.plus(9, ChronoUnit.HOURS).toString().replace("Z", "+09:00")))
                + "\"";
    }
}
