package txlookup.api.console.deadletter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dead letters of which the same is said but for numbers and quoted values.
 *
 * @param error what is said, with a mark in the place of what differs
 * @param example the newest of them
 */
record ErrorGroup(String reason, String error, int count, long example) {
    private static final int MOST_GROUPS = 12;
    private static final int LONGEST = 120;

    record Letter(long id, String reason, String detail) {}

    /** Of letters that come newest first: the greatest groups. */
    static List<ErrorGroup> of(List<Letter> letters) {
        Map<List<String>, List<Letter>> groups = new LinkedHashMap<>();
        for (Letter letter : letters) {
            groups.computeIfAbsent(List.of(letter.reason(), shape(letter.detail())), none -> new ArrayList<>())
                    .add(letter);
        }
        return groups.entrySet().stream()
                .map(group -> new ErrorGroup(
                        group.getKey().get(0),
                        group.getKey().get(1),
                        group.getValue().size(),
                        group.getValue().get(0).id()))
                .sorted(Comparator.comparingInt(ErrorGroup::count).reversed())
                .limit(MOST_GROUPS)
                .toList();
    }

    /** Each run of digits and each quoted text becomes one mark. */
    static String shape(String detail) {
        StringBuilder shape = new StringBuilder();
        int at = 0;
        while (at < detail.length() && shape.length() < LONGEST) {
            char next = detail.charAt(at);
            int end = next == '\'' || next == '"' ? detail.indexOf(next, at + 1) : -1;
            if (end > 0) {
                shape.append('…');
                at = end + 1;
            } else if (Character.isDigit(next)) {
                shape.append('…');
                while (at < detail.length() && Character.isDigit(detail.charAt(at))) {
                    at++;
                }
            } else {
                shape.append(next);
                at++;
            }
        }
        return shape.toString();
    }
}
