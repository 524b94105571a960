package txlookup.fuzz.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import txlookup.fuzz.input.FuzzInput;
import txlookup.fuzz.input.FuzzInput.Topic;

/** What the store has to hold after all records, whatever their order and number. */
public final class Fold {
    /**
     * A row that is wanted.
     *
     * @param positions of the records that say exactly this at exactly this time: the row may name any of them
     */
    public record Wanted(ContractJudgement.Row row, List<Long> positions) {}

    /** A dead letter that is wanted. */
    public record Dead(FuzzInput input, String reason) {}

    private final Map<Topic, Map<String, Wanted>> rows = new HashMap<>();
    private final Map<Topic, Map<Long, Dead>> dead = new HashMap<>();

    public void add(FuzzInput input, long position, ContractJudgement judgement) {
        if (judgement instanceof ContractJudgement.Refused refused) {
            dead(input.topic()).put(position, new Dead(input, refused.reason()));
        } else if (judgement instanceof ContractJudgement.Row row) {
            rows(input.topic()).merge(row.key(), new Wanted(row, new ArrayList<>(List.of(position))), Fold::winner);
        }
    }

    private static Wanted winner(Wanted a, Wanted b) {
        if (a.row.beats(b.row)) {
            return a;
        }
        if (!b.row.beats(a.row)) {
            b.positions.addAll(a.positions);
        }
        return b;
    }

    public Map<String, Wanted> rows(Topic topic) {
        return rows.computeIfAbsent(topic, unused -> new HashMap<>());
    }

    public Map<Long, Dead> dead(Topic topic) {
        return dead.computeIfAbsent(topic, unused -> new HashMap<>());
    }

    /** A row as the store shows it: the contract's fields, then {@code source_time} and {@code digest}. */
    public static List<@Nullable String> columns(ContractJudgement.Row row) {
        List<@Nullable String> columns = new ArrayList<>();
        row.fields().forEach(field -> columns.add(field == null ? null : ContractJudgement.Row.shown(field)));
        columns.add(ContractJudgement.Row.shown(row.time()));
        columns.add(Long.toString(row.digest()));
        return columns;
    }
}
