package txlookup.bench;

import java.util.List;

/** Reads a bench's few options. */
final class Options {
    private Options() {}

    static long number(List<String> options, String name, long usual) {
        return Long.parseLong(text(options, name, Long.toString(usual)).replace("_", ""));
    }

    static String text(List<String> options, String name, String usual) {
        int at = options.indexOf(name);
        if (at < 0) {
            return usual;
        }
        if (at + 1 == options.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return options.get(at + 1);
    }
}
