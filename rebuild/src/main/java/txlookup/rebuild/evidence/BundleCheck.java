package txlookup.rebuild.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Follows one bundle's hashes, and says what happened where they do not fit. */
final class BundleCheck {
    private final String name;
    private final Bundle bundle;
    private final List<String> faults = new ArrayList<>();

    BundleCheck(String name, Bundle bundle) {
        this.name = name;
        this.bundle = bundle;
    }

    /**
     * All that does not fit.
     *
     * @param before what the bundle before ended with
     * @param head what the register says that this one ends with
     */
    List<String> faults(String before, String head) {
        String previous = before;
        int expected = 1;
        for (Entry entry : bundle.entries()) {
            if (!entry.isIntact()) {
                fault(entry, "was changed: it hashes to something else than it says");
            }
            boolean gap = expected < entry.sequence();
            while (expected < entry.sequence()) {
                faults.add("%s, entry %d: it is missing".formatted(name, expected));
                expected++;
            }
            if (entry.sequence() < expected) {
                fault(entry, "was inserted or moved: entry %d was due".formatted(expected));
            } else if (!gap && !entry.previous().equals(previous)) {
                fault(
                        entry,
                        expected == 1
                                ? "does not follow the bundle before: that was changed, removed or inserted"
                                : "does not follow entry %d: one of the two was replaced".formatted(expected - 1));
            }
            expected = Math.max(expected, entry.sequence() + 1);
            previous = entry.hash();
        }
        end(head);
        return faults;
    }

    private void end(String head) {
        Entry last = bundle.entries().isEmpty()
                ? null
                : bundle.entries().get(bundle.entries().size() - 1);
        if (last == null || !last.kind().equals("end")) {
            faults.add("%s, entry %d: it is missing, and what came after it"
                    .formatted(name, bundle.entries().size() + 1));
            return;
        }
        if (!bundle.head().equals(head)) {
            faults.add("%s: it ends with %s, and the register says %s".formatted(name, bundle.head(), head));
        }
        boolean titled = Objects.equals(last.content().get("act"), bundle.act())
                && Objects.equals(last.content().get("subject"), bundle.subject())
                && Objects.equals(last.content().get("verdict"), bundle.verdict());
        if (!titled) {
            faults.add("%s: its title was changed, it is %s".formatted(name, last.content()));
        }
    }

    private void fault(Entry entry, String what) {
        faults.add("%s, entry %d %s: %s".formatted(name, entry.sequence(), entry.kind(), what));
    }
}
