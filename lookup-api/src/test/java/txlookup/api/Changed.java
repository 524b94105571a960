package txlookup.api;

import java.util.List;
import java.util.Optional;

/** Settings that differ in one thing from others. */
final class Changed {
    private Changed() {}

    static ApiSettings cursorSecret(ApiSettings settings, String secret) {
        return new ApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                Optional.of(secret));
    }

    static ApiSettings http(ApiSettings settings, ApiSettings.Http http) {
        return new ApiSettings(
                settings.stage(),
                http,
                settings.database(),
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.cursorSecret());
    }

    static ApiSettings trustedProxies(ApiSettings settings, String... proxies) {
        ApiSettings.Http http = settings.http();
        return http(
                settings,
                new ApiSettings.Http(http.bindAddress(), http.port(), List.of(proxies), http.shutdownTimeout()));
    }

    static ApiSettings database(ApiSettings settings, ApiSettings.Database database) {
        return new ApiSettings(
                settings.stage(),
                settings.http(),
                database,
                settings.authentication(),
                settings.audit(),
                settings.limits(),
                settings.cursorSecret());
    }

    static ApiSettings audit(ApiSettings settings, ApiSettings.Audit audit) {
        return new ApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                audit,
                settings.limits(),
                settings.cursorSecret());
    }

    static ApiSettings authentication(ApiSettings settings, String stage, Authentication authentication) {
        return new ApiSettings(
                stage,
                settings.http(),
                settings.database(),
                authentication,
                settings.audit(),
                settings.limits(),
                settings.cursorSecret());
    }

    static ApiSettings limits(ApiSettings settings, ApiSettings.Limits limits) {
        return new ApiSettings(
                settings.stage(),
                settings.http(),
                settings.database(),
                settings.authentication(),
                settings.audit(),
                limits,
                settings.cursorSecret());
    }
}
