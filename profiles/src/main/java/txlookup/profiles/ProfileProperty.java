package txlookup.profiles;

import java.util.List;
import java.util.Locale;
import txlookup.profiles.schema.PropertySchema;

/**
 * One property of a profile that holds a value.
 *
 * @param segments the names down to it; one may itself have dots, as Kafka's settings do
 * @param schema what it accepts
 */
record ProfileProperty(List<String> segments, PropertySchema schema) {

    String path() {
        return String.join(".", segments);
    }

    String environmentName() {
        return EnvironmentNames.of(segments);
    }

    /** How the property can be given, in words. */
    String inputs() {
        String shortForms = EnvironmentNames.SHORT_FORMS.containsValue(path())
                ? "--%1$s, %2$s%3$s, ".formatted(last(), EnvironmentNames.PREFIX, last().toUpperCase(Locale.ROOT))
                : "";
        return "given by %s--set %s=..., %s or the file".formatted(shortForms, path(), environmentName());
    }

    private String last() {
        return segments.get(segments.size() - 1);
    }
}
