package txlookup.traffic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** In what shape a source's events arrive. Each keeps the final state of the payments; only ERROR adds bad records. */
public enum Scenario {
    /** Every event once, in the order in which it happened. */
    HAPPY,
    /** One event in ten comes twice, the second time a little later. */
    DUPLICATE,
    /** Events of neighbouring payments in random order. */
    OUT_OF_ORDER,
    /** One event in fifty is followed by one that cannot be decoded. */
    ERROR;

    /** The name as the command line takes it, such as {@code out-of-order}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Gives some payments' events this shape; {@code seed} decides where. */
    List<Event> shape(List<Event> events, long seed) {
        Random random = new Random(seed);
        List<Event> shaped = new ArrayList<>(events.size() + events.size() / 8);
        shaped.addAll(events);
        switch (this) {
            case HAPPY -> {}
            case DUPLICATE -> {
                for (Event event : events) {
                    if (random.nextInt(10) == 0) {
                        shaped.add(event);
                    }
                }
            }
            case OUT_OF_ORDER -> Collections.shuffle(shaped, random);
            case ERROR -> {
                for (Event event : events) {
                    if (random.nextInt(50) == 0) {
                        shaped.add(spoilt(event, random.nextInt(3)));
                    }
                }
            }
        }
        return shaped;
    }

    private static Event spoilt(Event event, int how) {
        String json = new String(event.value(), StandardCharsets.UTF_8);
        String bad =
                switch (how) {
                    case 0 -> json.substring(0, json.length() - 10);
                    case 1 -> json.replace("\"amount\":\"", "\"amount\":\"NaN");
                    default -> json.replace("\"created_at\"", "\"made_at\"").replace("\"event_time\"", "\"happened\"");
                };
        return new Event(event.kind(), event.key(), bad.getBytes(StandardCharsets.UTF_8));
    }
}
