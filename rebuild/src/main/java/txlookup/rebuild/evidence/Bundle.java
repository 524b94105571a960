package txlookup.rebuild.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import txlookup.profiles.digest.Sha256;

/**
 * What one act on an environment leaves behind: its entries, in their order.
 *
 * @param act what it is of: {@code rebuild} or {@code destroy}
 * @param subject which one, such as the generation
 * @param verdict how it ended, for a list
 */
public record Bundle(String act, String subject, String verdict, List<Entry> entries) {
    static final String FILE = "file";

    public Bundle {
        entries = List.copyOf(entries);
    }

    /** Collects a bundle's entries; the chain gives them their hashes. */
    public static final class Draft {
        private record Part(String kind, Object content) {}

        private final String act;
        private final String subject;
        private final String verdict;
        private final List<Part> parts = new ArrayList<>();

        /** Begins one; see {@link Bundle} for what the words mean. */
        public Draft(String act, String subject, String verdict) {
            this.act = act;
            this.subject = subject;
            this.verdict = verdict;
        }

        /** Adds an entry; the content is anything that JSON can hold as an object. */
        public Draft add(String kind, Object content) {
            parts.add(new Part(kind, content));
            return this;
        }

        /**
         * Adds a file that stays beside the bundle, by its hash: a change of it is noticed as well.
         *
         * @param name within the bundle's folder
         */
        public Draft attach(String name, byte[] bytes) {
            return add(FILE, Map.of("file", name, "sha256", Sha256.hex(bytes)));
        }

        Bundle after(String previous) {
            List<Entry> entries = new ArrayList<>();
            String last = previous;
            // The end is an entry like the others, so that it cannot be another one's.
            List<Part> all = new ArrayList<>(parts);
            all.add(new Part(
                    "end", Map.of("act", act, "subject", subject, "verdict", verdict, "entries", parts.size())));
            for (Part part : all) {
                Entry entry = Entry.after(last, entries.size() + 1, part.kind(), part.content());
                entries.add(entry);
                last = entry.hash();
            }
            return new Bundle(act, subject, verdict, entries);
        }
    }

    /** The hash that the next bundle begins with. */
    public String head() {
        return entries.isEmpty() ? "" : entries.get(entries.size() - 1).hash();
    }

    /** The bundle for reading. */
    public String markdown() {
        StringBuilder text = new StringBuilder("# %s: %s %s%n".formatted(verdict, act, subject));
        for (Entry entry : entries) {
            text.append("%n## %d %s%n%n".formatted(entry.sequence(), entry.kind()));
            list(text, "", entry.content());
            text.append("%n`%s`%n".formatted(entry.hash()));
        }
        return text.toString();
    }

    private static void list(StringBuilder text, String indent, Map<?, ?> content) {
        content.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                text.append("%s- %s:%n".formatted(indent, key));
                list(text, indent + "  ", inner);
            } else if (value instanceof List<?> many && many.stream().anyMatch(Map.class::isInstance)) {
                text.append("%s- %s:%n".formatted(indent, key));
                many.forEach(one -> text.append("%s  - %s%n".formatted(indent, one)));
            } else if (value != null) {
                text.append("%s- %s: %s%n".formatted(indent, key, value));
            }
        });
    }
}
