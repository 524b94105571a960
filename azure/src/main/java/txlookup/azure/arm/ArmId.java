package txlookup.azure.arm;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A resource's id. Azure does not keep to one letter case within an id (docs/azure-facts.md, B, lock error), so ids are
 * equal whatever their case. Any text is taken, because a foreign id must not break an inventory; {@link #isWellFormed}
 * tells.
 */
public final class ArmId implements Comparable<ArmId> {
    /** The type of a resource group. */
    public static final String GROUP_TYPE = "microsoft.resources/resourcegroups";

    private static final int GROUP_SEGMENTS = 4;
    private static final int FIRST_PROVIDER = 4;
    private static final int TOP_LEVEL_SEGMENTS = 8;

    private final String text;
    private final String folded;
    private final List<String> segments;
    private final String type;
    private final boolean wellFormed;
    private final @Nullable ArmId group;

    private ArmId(String text) {
        this.text = text;
        this.folded = text.toLowerCase(Locale.ROOT);
        this.segments = text.startsWith("/") ? List.of(folded.substring(1).split("/", -1)) : List.of();
        this.type = type(segments);
        this.wellFormed = isWellFormed(text, segments);
        boolean inGroup = segments.size() >= GROUP_SEGMENTS && segments.get(2).equals("resourcegroups");
        this.group = !inGroup ? null : segments.size() == GROUP_SEGMENTS ? this : prefix(GROUP_SEGMENTS);
    }

    /** The id with that text. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ArmId of(String text) {
        return new ArmId(text);
    }

    /** The subscription itself. */
    public static ArmId ofSubscription(String subscription) {
        return new ArmId("/subscriptions/" + subscription);
    }

    /** Whether it is a subscription, a group or a resource, spelt as Azure spells them. */
    public boolean isWellFormed() {
        return wellFormed;
    }

    /** The subscription's id in lower case; empty text when there is none. */
    public String subscription() {
        return segments.size() > 1 ? segments.get(1) : "";
    }

    /** The resource group that it is or lies in. */
    public Optional<ArmId> group() {
        return Optional.ofNullable(group);
    }

    /** Whether it is a resource group. */
    public boolean isGroup() {
        return segments.size() == GROUP_SEGMENTS && segments.get(2).equals("resourcegroups");
    }

    /** Whether it lies in a group directly, not within another resource. */
    public boolean isTopLevel() {
        return segments.size() == TOP_LEVEL_SEGMENTS
                && segments.get(2).equals("resourcegroups")
                && segments.get(FIRST_PROVIDER).equals("providers");
    }

    /** The full type in lower case, such as {@code microsoft.app/jobs}; empty text where the id has none. */
    public String type() {
        return type;
    }

    /** The last part, as Azure spelt it. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** Whether it is that scope or lies within it. */
    public boolean isWithin(ArmId scope) {
        return folded.equals(scope.folded) || isBelow(scope);
    }

    /** Whether it lies within that scope and is not the scope itself. */
    public boolean isBelow(ArmId scope) {
        return folded.length() > scope.folded.length()
                && folded.startsWith(scope.folded)
                && folded.charAt(scope.folded.length()) == '/';
    }

    /** The id of what is called so within this one. */
    public ArmId child(String path) {
        return new ArmId(text + "/" + path);
    }

    private static boolean isWellFormed(String text, List<String> segments) {
        if (segments.size() < 2
                || segments.size() % 2 != 0
                || !segments.get(0).equals("subscriptions")
                || text.chars().anyMatch(ArmId::isStrange)) {
            return false;
        }
        if (segments.size() >= GROUP_SEGMENTS
                && !segments.get(2).equals("resourcegroups")
                && !segments.get(2).equals("providers")) {
            return false;
        }
        return segments.stream().noneMatch(segment -> segment.isBlank() || segment.equals(".") || segment.equals(".."));
    }

    private static boolean isStrange(int character) {
        return character < ' ' || character == 0x7f || "?#%\\".indexOf(character) >= 0;
    }

    private static String type(List<String> segments) {
        if (segments.size() == GROUP_SEGMENTS && segments.get(2).equals("resourcegroups")) {
            return GROUP_TYPE;
        }
        int provider = segments.lastIndexOf("providers");
        if (provider < 0 || provider + 2 >= segments.size()) {
            return "";
        }
        StringBuilder type = new StringBuilder(segments.get(provider + 1));
        for (int i = provider + 2; i < segments.size(); i += 2) {
            type.append('/').append(segments.get(i));
        }
        return type.toString();
    }

    private ArmId prefix(int count) {
        int end = 0;
        for (int i = 0; i < count; i++) {
            end = text.indexOf('/', end + 1);
        }
        return new ArmId(text.substring(0, end));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArmId id && folded.equals(id.folded);
    }

    @Override
    public int hashCode() {
        return folded.hashCode();
    }

    @Override
    public int compareTo(ArmId other) {
        return folded.compareTo(other.folded);
    }

    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
