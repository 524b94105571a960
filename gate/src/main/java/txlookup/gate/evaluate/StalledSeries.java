package txlookup.gate.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import txlookup.gate.model.Observation.Point;
import txlookup.gate.model.Observation.Samples;

/** For how long a position has stood still while there was something to move to. */
final class StalledSeries {
    private static final double MILLIS = 1000;

    private StalledSeries() {}

    /** Seconds of standstill at every instant, one series a position that has a backlog of the same labels. */
    static List<List<Point>> of(List<Samples> positions, List<Samples> backlogs) {
        Map<Object, Samples> byLabels = new HashMap<>();
        backlogs.forEach(backlog -> byLabels.put(List.of(backlog.instance(), backlog.labels()), backlog));
        List<List<Point>> series = new ArrayList<>();
        for (Samples position : positions) {
            Samples backlog = byLabels.get(List.of(position.instance(), position.labels()));
            if (backlog != null) {
                series.add(standstill(position, backlog));
            }
        }
        return series;
    }

    private static List<Point> standstill(Samples position, Samples backlog) {
        Map<Long, Point> backlogAt = new HashMap<>();
        backlog.points().forEach(point -> backlogAt.put(point.atMillis(), point));
        List<Point> points = new ArrayList<>();
        Double before = null;
        long movedAt = 0;
        for (Point now : position.points()) {
            Point waiting = backlogAt.get(now.atMillis());
            if (now.value() == null || waiting == null || waiting.value() == null) {
                points.add(new Point(now.atMillis(), null, "position or backlog not known, " + position.labels()));
                continue;
            }
            if (before == null || !before.equals(now.value()) || waiting.value() <= 0) {
                movedAt = now.atMillis();
            }
            before = now.value();
            points.add(new Point(
                    now.atMillis(),
                    (now.atMillis() - movedAt) / MILLIS,
                    position.labels().toString()));
        }
        return points;
    }
}
