package txlookup.proof.compare;

import java.util.List;

/**
 * What a comparison came to.
 *
 * @param tables what was read
 * @param differences what was different and still was when it was read again, by entity and key
 */
public record Findings(List<TableReport> tables, List<Difference> differences) {
    public Findings {
        tables = List.copyOf(tables);
        differences = List.copyOf(differences);
    }

    /** The same reading with other differences, after something was done about them. */
    public Findings with(List<Difference> others) {
        return new Findings(tables, others);
    }

    /** Whether the source gave nothing although the store has something: that is no source to be judged by. */
    public boolean isWithoutSource() {
        return tables.stream().allMatch(table -> table.sourceRows() == 0)
                && tables.stream().anyMatch(table -> table.storeRows() > 0);
    }
}
