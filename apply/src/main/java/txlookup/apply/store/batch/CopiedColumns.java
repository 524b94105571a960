package txlookup.apply.store.batch;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The columns of a table in the order in which a row is copied; statements are made from them.
 *
 * @param definitions each column's name, a blank and its type
 */
record CopiedColumns(List<String> definitions) {
    static CopiedColumns of(String... definitions) {
        return new CopiedColumns(List.copyOf(Arrays.asList(definitions)));
    }

    /** As in the brackets of INSERT and COPY. */
    String names() {
        return joined(name -> name);
    }

    /** As in the brackets of CREATE TABLE. */
    String shape() {
        return String.join(", ", definitions);
    }

    /** As after SET of an upsert: all but the key from the row that was not inserted. */
    String replacedBut(String key) {
        return joined(name -> name.equals(key) ? "" : name + " = excluded." + name);
    }

    private String joined(UnaryOperator<String> said) {
        return definitions.stream()
                .map(definition -> said.apply(definition.substring(0, definition.indexOf(' '))))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
