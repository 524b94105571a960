package txlookup.api.console.pipeline;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small chart of the last {@value #MOST} looks, as the points of an SVG line.
 *
 * @param code what it shows: behind, throughput or delay
 * @param latest the newest value in words
 * @param top the value at the upper edge, in words
 * @param limitY where the objective's line is; negative when there is none, or it is outside
 */
record Chart(String code, String latest, String top, String points, double limitY) {
    static final int MOST = 120;
    static final int WIDTH = 360;
    static final int HEIGHT = 80;

    static Chart of(String code, String unit, List<Double> values, double limit) {
        double greatest = values.stream().mapToDouble(value -> value).max().orElse(0);
        double top = nice(Math.max(greatest, limit > 0 && greatest > limit / 10 ? limit : 0));
        String points = IntStream.range(0, values.size())
                .mapToObj(index -> "%.1f,%.1f"
                        .formatted(
                                WIDTH - (values.size() - 1 - index) * (double) WIDTH / (MOST - 1),
                                y(values.get(index), top)))
                .collect(Collectors.joining(" "));
        double latest = values.isEmpty() ? 0 : values.get(values.size() - 1);
        return new Chart(
                code, text(latest) + unit, text(top) + unit, points, limit > 0 && limit <= top ? y(limit, top) : -1);
    }

    private static double y(double value, double top) {
        return HEIGHT - 2 - value / top * (HEIGHT - 4);
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, value < 10 && value != Math.rint(value) ? "%.1f" : "%,.0f", value);
    }

    /** The least of 1, 2, 5, 10, 20, 50... that is no less. */
    private static double nice(double value) {
        double step = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1))));
        for (int factor : new int[] {1, 2, 5, 10}) {
            if (factor * step >= value) {
                return factor * step;
            }
        }
        return 10 * step;
    }
}
