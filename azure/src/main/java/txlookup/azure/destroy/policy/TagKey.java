package txlookup.azure.destroy.policy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import txlookup.profiles.naming.Naming;

/** The second of the two keys: the tags. Azure reads tag names in any letter case and values exactly, and so does this. */
final class TagKey {
    static final String TTL = "ttl";
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private final Map<String, String> wanted = new LinkedHashMap<>();

    TagKey(Naming naming) {
        wanted.put("env", naming.env());
        wanted.put("owner", naming.owner());
        wanted.put("project", naming.project());
        // Whatever stage the caller's profile names: only what says itself that it is disposable is.
        wanted.put("stage", Target.DISPOSABLE_STAGE);
    }

    /** All that is wrong with these tags, the ttl's day aside. */
    List<Reason> judge(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return List.of(new Reason(ReasonCode.UNTAGGED, "it has no tags"));
        }
        List<Reason> reasons = new ArrayList<>();
        wanted.forEach((name, value) -> {
            List<String> seen = values(tags, name);
            presence(name, seen).ifPresent(reasons::add);
            if (seen.size() == 1 && !seen.get(0).equals(value)) {
                reasons.add(new Reason(
                        ReasonCode.TAG_DIFFERS, "the tag %s is \"%s\", not %s".formatted(name, seen.get(0), value)));
            }
        });
        presence(TTL, values(tags, TTL)).ifPresent(reasons::add);
        return reasons;
    }

    /** What is wrong with the ttl on that day; nothing when there is none, for that is told elsewhere. */
    Optional<Reason> judgeTtl(Map<String, String> tags, LocalDate today, boolean early) {
        List<String> seen = values(tags, TTL);
        if (seen.size() != 1) {
            return Optional.empty();
        }
        Optional<LocalDate> ttl = day(seen.get(0));
        if (ttl.isEmpty()) {
            return Optional.of(new Reason(
                    ReasonCode.TTL_UNREADABLE, "the tag ttl is \"%s\", no day as YYYY-MM-DD".formatted(seen.get(0))));
        }
        return ttl.get().isAfter(today) && !early
                ? Optional.of(new Reason(
                        ReasonCode.TTL_AHEAD,
                        "its ttl is %s, today is %s; before that day only with --early --reason"
                                .formatted(ttl.get(), today)))
                : Optional.empty();
    }

    /** Whether a tag says that it is someone else's; no tag says nothing. */
    boolean contradict(Map<String, String> tags) {
        return wanted.entrySet().stream()
                .anyMatch(tag -> values(tags, tag.getKey()).stream().anyMatch(seen -> !seen.equals(tag.getValue())));
    }

    /** The day of a ttl; empty where it is not one. */
    static Optional<LocalDate> day(String text) {
        if (!DAY.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    static List<String> values(Map<String, String> tags, String name) {
        return tags.entrySet().stream()
                .filter(tag -> tag.getKey().toLowerCase(Locale.ROOT).equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Optional<Reason> presence(String name, List<String> seen) {
        if (seen.isEmpty()) {
            return Optional.of(new Reason(ReasonCode.TAG_MISSING, "the tag " + name + " is missing"));
        }
        return seen.size() > 1
                ? Optional.of(
                        new Reason(ReasonCode.TAG_AMBIGUOUS, "the tag %s occurs %d times".formatted(name, seen.size())))
                : Optional.empty();
    }
}
