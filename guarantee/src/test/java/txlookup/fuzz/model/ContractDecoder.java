package txlookup.fuzz.model;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.model.ContractTypes.Refused;

/**
 * docs/contract.md once more, from bytes to a judgement. Where several rules refuse a record the first counts: no
 * topic, no value, not one JSON object, a member there twice, then the fields in the contract's order and in each its
 * names in the contract's order, and the record's own time last.
 */
public final class ContractDecoder {
    private static final String CANARY = "txlookup-canary";

    private final Instant latestUpdate;
    private final byte[] nonce;

    /**
     * @param now the reader's clock
     * @param nonce what the header of this generation's canaries holds
     */
    public ContractDecoder(Instant now, Duration maxFutureSkew, String nonce) {
        this.latestUpdate = now.plus(maxFutureSkew);
        this.nonce = nonce.getBytes(StandardCharsets.UTF_8);
    }

    public ContractJudgement judge(FuzzInput input) {
        if (isCanary(input)) {
            return new ContractJudgement.Canary();
        }
        try {
            return row(input);
        } catch (Refused e) {
            return new ContractJudgement.Refused(e.reason);
        } catch (ContractJson.Malformed e) {
            return new ContractJudgement.Refused(ContractTypes.PARSE_ERROR);
        }
    }

    private boolean isCanary(FuzzInput input) {
        return input.headers().stream()
                .anyMatch(header -> header.name().equals(CANARY) && Arrays.equals(header.value(), nonce));
    }

    private ContractJudgement row(FuzzInput input) throws Refused, ContractJson.Malformed {
        if (input.topic() == FuzzInput.Topic.UNKNOWN) {
            throw new Refused("unsupported_topic");
        }
        byte[] value = input.value();
        if (value == null) {
            throw new Refused("tombstone");
        }
        boolean ledger = input.topic() == FuzzInput.Topic.LEDGER;
        Map<String, ContractJson.Value> members =
                once(ContractJson.object(value), ledger ? LEDGER_MEMBERS : ORDER_MEMBERS);
        List<@Nullable Object> fields = ledger ? ledgerEntry(members) : paymentOrder(members);
        if (input.time().isBefore(ContractTypes.FIRST) || !input.time().isBefore(ContractTypes.BEYOND)) {
            throw new Refused(ContractTypes.OUT_OF_RANGE);
        }
        return new ContractJudgement.Row(ledger, fields, input.time());
    }

    private static final List<String> LEDGER_MEMBERS = List.of(
            "tx_id",
            "wallet_id",
            "entry_type",
            "type",
            "amount",
            "amount_signed",
            "related_id",
            "related_type",
            "event_time",
            "source_created_at",
            "created_at",
            "updated_at",
            "version",
            "source_version");

    private static final List<String> ORDER_MEMBERS = List.of(
            "order_id",
            "user_id",
            "merchant_name",
            "amount",
            "status",
            "created_at",
            "updated_at",
            "version",
            "source_version");

    /** Null is absent; a member there twice is no better than two aliases. */
    private static Map<String, ContractJson.Value> once(List<ContractJson.Member> members, List<String> wanted)
            throws Refused {
        Map<String, ContractJson.Value> once = new HashMap<>();
        for (ContractJson.Member member : members) {
            if (wanted.contains(member.name()) && !(member.value() instanceof ContractJson.Null)) {
                ContractJson.Value other = once.put(member.name(), member.value());
                if (other != null && !other.equals(member.value())) {
                    throw new Refused("contract_core_violation");
                }
            }
        }
        return once;
    }

    private List<@Nullable Object> ledgerEntry(Map<String, ContractJson.Value> members) throws Refused {
        Object txId = required(field(members, ContractTypes::identifier, "tx_id"));
        Object walletId = required(field(members, ContractTypes::identifier, "wallet_id"));
        Object entryType = required(field(members, ContractTypes::text, "entry_type", "type"));
        Object amount = required(field(members, ContractTypes::decimal, "amount"));
        Object amountSigned = field(members, ContractTypes::decimal, "amount_signed");
        Object relatedId = field(members, ContractTypes::identifier, "related_id");
        Object relatedType = field(members, ContractTypes::text, "related_type");
        Object eventTime = field(members, ContractTypes::time, "event_time", "source_created_at");
        if (eventTime == null) {
            eventTime = required(field(members, ContractTypes::time, "created_at"));
        }
        Object createdAt = field(members, ContractTypes::time, "created_at");
        if (createdAt == null) {
            createdAt = field(members, ContractTypes::time, "source_created_at");
        }
        return Arrays.asList(
                txId,
                walletId,
                entryType,
                amount,
                amountSigned,
                relatedId,
                relatedType,
                eventTime,
                createdAt == null ? eventTime : createdAt,
                updatedAt(members),
                version(members));
    }

    private List<@Nullable Object> paymentOrder(Map<String, ContractJson.Value> members) throws Refused {
        return Arrays.asList(
                required(field(members, ContractTypes::identifier, "order_id")),
                field(members, ContractTypes::text, "user_id"),
                field(members, ContractTypes::text, "merchant_name"),
                required(field(members, ContractTypes::decimal, "amount")),
                required(field(members, ContractTypes::text, "status")),
                required(field(members, ContractTypes::time, "created_at")),
                updatedAt(members),
                version(members));
    }

    private @Nullable Object updatedAt(Map<String, ContractJson.Value> members) throws Refused {
        Object updatedAt = field(members, ContractTypes::time, "updated_at");
        if (updatedAt != null && ((Instant) updatedAt).isAfter(latestUpdate)) {
            throw new Refused("future_timestamp");
        }
        return updatedAt;
    }

    private static @Nullable Object version(Map<String, ContractJson.Value> members) throws Refused {
        return field(members, ContractTypes::integer, "version", "source_version");
    }

    private static @Nullable Object field(
            Map<String, ContractJson.Value> members, ContractTypes.Type type, String... aliases) throws Refused {
        Object found = null;
        for (String alias : aliases) {
            ContractJson.Value value = members.get(alias);
            Object read = value == null ? null : type.read(value);
            if (found != null && read != null && !found.equals(read)) {
                throw new Refused("contract_core_violation");
            }
            found = found == null ? read : found;
        }
        return found;
    }

    private static Object required(@Nullable Object value) throws Refused {
        if (value == null) {
            throw new Refused(ContractTypes.PARSE_ERROR);
        }
        return value;
    }
}
