package txlookup.api.web;

import org.jspecify.annotations.Nullable;

/** A path that somebody else wrote, and that leads nowhere but to this API. */
public final class OwnPath {
    private OwnPath() {}

    /** The path; the first page for anything else, which would lead away from here. */
    public static String of(@Nullable String path) {
        return path != null && path.matches("/(?![/\\\\])[\\x21-\\x7E&&[^\\\\]]*") ? path : "/";
    }
}
