package txlookup.profiles.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import txlookup.profiles.schema.ProfileProblem;
import txlookup.profiles.schema.YamlDocument;

/** What an event profile must keep beyond its schema. */
final class EventProfileRules {

    private final YamlDocument document;
    private final List<ProfileProblem> problems = new ArrayList<>();

    private EventProfileRules(YamlDocument document) {
        this.document = document;
    }

    static List<ProfileProblem> check(EventProfile profile, YamlDocument document) {
        EventProfileRules rules = new EventProfileRules(document);
        if (profile.ledgerTopic().equals(profile.paymentOrderTopic())) {
            rules.broken("topics.paymentOrder", profile.paymentOrderTopic(), "another topic than topics.ledger");
        }
        rules.checkFields("ledger", profile.ledger());
        rules.checkFields("paymentOrder", profile.paymentOrder());
        return rules.problems;
    }

    private void checkFields(String entity, EventFields fields) {
        Map<String, String> ownerOfAlias = new HashMap<>();
        for (EventField field : fields.all()) {
            String path = "fields.%s.%s".formatted(entity, field.name());
            for (String alias : field.aliases()) {
                String owner = ownerOfAlias.putIfAbsent(alias, field.name());
                if (owner != null) {
                    broken(path + ".aliases", alias, "a name that is not already an alias of " + owner);
                }
                if (field.fallbacks().contains(alias)) {
                    broken(path + ".fallbacks", alias, "a name that is not already an alias of the same field");
                }
            }
            if (field.required()
                    && field.aliases().isEmpty()
                    && field.fallbacks().isEmpty()) {
                broken(path, "neither alias nor fallback", "at least one, since the field is required");
            }
            if (field.type() != FieldType.TIME
                    && document.tree().at(pointer(entity, field)).has("timeUnit")) {
                broken(path + ".timeUnit", "a unit", "none, since the field is not of type time");
            }
        }
    }

    private static String pointer(String entity, EventField field) {
        return "/fields/%s/%s".formatted(entity, field.name());
    }

    private void broken(String field, String seen, String wanted) {
        problems.add(new ProfileProblem(field, seen, wanted, document.origin()));
    }
}
