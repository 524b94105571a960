package txlookup.azure.fake;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/** The {@code $filter} of a list, as far as clients of ours and Azure's command line send one. */
final class FakeFilter {
    private static final Pattern GIVEN = Pattern.compile("(?:^|&)\\$filter=([^&]*)");
    private static final Pattern TAG =
            Pattern.compile("tagname eq '([^']*)'(?: and tagvalue eq '([^']*)')?", Pattern.CASE_INSENSITIVE);
    private static final Pattern TYPE = Pattern.compile("resourceType eq '([^']*)'", Pattern.CASE_INSENSITIVE);

    private final String given;

    /** @param query of the request, decoded */
    FakeFilter(String query) {
        Matcher filter = GIVEN.matcher(query);
        this.given = filter.find() ? filter.group(1).strip() : "";
    }

    /** Whether it is understood; one that is not must never be answered as if it were not there. */
    boolean isKnown() {
        return given.isEmpty()
                || TAG.matcher(given).matches()
                || TYPE.matcher(given).matches();
    }

    /** As it is repeated in the address of the next page; empty for none. */
    String asParameter() {
        return given.isEmpty() ? "" : "&$filter=" + URLEncoder.encode(given, StandardCharsets.UTF_8);
    }

    boolean takes(ObjectNode resource) {
        Matcher tag = TAG.matcher(given);
        if (tag.matches()) {
            return resource.path("tags").properties().stream()
                    .anyMatch(each -> each.getKey().equalsIgnoreCase(tag.group(1))
                            && (tag.group(2) == null
                                    || tag.group(2).equals(each.getValue().asString(""))));
        }
        Matcher type = TYPE.matcher(given);
        return !type.matches()
                || type.group(1).equalsIgnoreCase(resource.path("type").asString(""));
    }
}
