package txlookup.api;

import java.util.List;
import java.util.Optional;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;

/** Settings that differ in one thing from others. */
public final class Changed {
    private Changed() {}

    public static LookupApiSettings cursorSecret(LookupApiSettings settings, String secret) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                Optional.of(secret));
    }

    static LookupApiSettings http(LookupApiSettings settings, LookupApiSettings.Http http) {
        return new LookupApiSettings(
                settings.stage(),
                http,
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.cursorSecret());
    }

    public static LookupApiSettings trustedProxies(LookupApiSettings settings, String... proxies) {
        LookupApiSettings.Http http = settings.http();
        return http(
                settings,
                new LookupApiSettings.Http(http.bindAddress(), http.port(), List.of(proxies), http.shutdownTimeout()));
    }

    public static LookupApiSettings database(LookupApiSettings settings, LookupApiSettings.Database database) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                database,
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.cursorSecret());
    }

    public static LookupApiSettings audit(LookupApiSettings settings, LookupApiSettings.Audit audit) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                audit,
                settings.limits(),
                settings.cursorSecret());
    }

    public static LookupApiSettings authentication(
            LookupApiSettings settings, String stage, Authentication authentication) {
        return new LookupApiSettings(
                stage,
                settings.http(),
                settings.database(),
                authentication,
                settings.audit(),
                settings.limits(),
                settings.cursorSecret());
    }

    public static LookupApiSettings maskPersonal(LookupApiSettings settings) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.freshness(),
                settings.serving(),
                true,
                false,
                settings.cursorSecret());
    }

    public static LookupApiSettings discardByTwo(LookupApiSettings settings) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.freshness(),
                settings.serving(),
                false,
                true,
                settings.cursorSecret());
    }

    public static LookupApiSettings limits(LookupApiSettings settings, LookupApiSettings.Limits limits) {
        return new LookupApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                limits,
                settings.cursorSecret());
    }
}
