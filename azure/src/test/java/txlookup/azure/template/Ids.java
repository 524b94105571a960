package txlookup.azure.template;

import java.util.List;

/** Ids of what a template makes. */
final class Ids {
    private Ids() {}

    /** A type such as {@code Microsoft.App/jobs} with one name for each of its parts after the provider. */
    static String inGroup(Functions.Scope scope, String type, List<String> names) {
        return "/subscriptions/%s/resourceGroups/%s/%s"
                .formatted(scope.subscription(), scope.group(), below(type, names));
    }

    /** The same within another resource. */
    static String within(String resource, String type, List<String> names) {
        return resource + "/" + below(type, names);
    }

    private static String below(String type, List<String> names) {
        List<String> parts = List.of(type.split("/", -1));
        if (parts.size() - 1 != names.size()) {
            throw new IllegalArgumentException(
                    "%s takes %d names and was given %s".formatted(type, parts.size() - 1, names));
        }
        StringBuilder id = new StringBuilder("providers/").append(parts.get(0));
        for (int i = 0; i < names.size(); i++) {
            id.append('/').append(parts.get(i + 1)).append('/').append(names.get(i));
        }
        return id.toString();
    }
}
