package txlookup.profiles;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a profile's stage demands of it (docs/policy.md, "Stages"; docs/contract.md, "Auth"). */
final class StageRules {

    private static final List<String> SECURE_SSL_MODES = List.of("require", "verify-ca", "verify-full");

    private final Settings settings;
    private final Stage stage;

    StageRules(Settings settings, Stage stage) {
        this.settings = settings;
        this.stage = stage;
    }

    static Optional<Stage> stage(Settings settings) {
        return settings.text("stage")
                .map(text -> Stage.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    void check() {
        checkTtl();
        checkSecretsMode();
        if (stage.isCloud()) {
            checkCloud();
        }
    }

    private void checkTtl() {
        Optional<String> ttl = settings.text("naming.ttl");
        if (ttl.isEmpty() && stage == Stage.CLOUD_TEST && !settings.isBroken("naming.ttl")) {
            settings.missing("naming.ttl", "a day as YYYY-MM-DD, since stage cloud-test is disposable");
        }
        if (ttl.isPresent() && stage == Stage.CLOUD_SECURE) {
            settings.refuse(
                    "naming.ttl",
                    "none in stage cloud-secure, which is never destroyed by its age; a TXLOOKUP_NAMING_TTL left over from another stage has to go");
            return;
        }
        ttl.ifPresent(day -> {
            try {
                LocalDate.parse(day);
            } catch (DateTimeException noSuchDay) {
                settings.refuse("naming.ttl", "a day that the calendar has, as YYYY-MM-DD");
            }
        });
    }

    private void checkSecretsMode() {
        String mode = settings.text("secrets.mode").orElse("");
        if (stage == Stage.LOCAL && mode.equals("key-vault")) {
            settings.refuse("secrets.mode", "environment in stage local");
        }
        if (stage == Stage.CLOUD_SECURE && mode.equals("environment")) {
            settings.refuse("secrets.mode", "key-vault in stage cloud-secure");
        }
    }

    private void checkCloud() {
        String where = " in stage " + stage.yamlName();
        require("region", "a region's short name" + where);
        require("database.passwordVariable", "the name of a secret" + where);
        require("api.cursorSecretVariable", "the name of a secret" + where);
        if (settings.text("database.sslMode")
                .filter(mode -> !SECURE_SSL_MODES.contains(mode))
                .isPresent()) {
            settings.refuse("database.sslMode", "one of " + String.join(", ", SECURE_SSL_MODES) + where);
        }
        if (settings.text("messaging.security").filter("PLAINTEXT"::equals).isPresent()) {
            settings.refuse("messaging.security", "SAS or ENTRA, or PLAIN or SCRAM at another Kafka" + where);
        }
        if (settings.text("api.auth.mode").filter("disabled"::equals).isPresent()) {
            settings.refuse("api.auth.mode", "oidc" + where);
        }
        if (settings.text("backfill.source").filter("jdbc"::equals).isPresent()) {
            require(
                    "cutover.settling",
                    "how long the source's longest transaction takes, plus by how much an event may precede its commit, such as 30s; 0s only if events are published after their commit,"
                            + where);
        }
        for (String url : List.of("api.auth.issuer", "api.auth.jwksUri")) {
            if (settings.text(url).filter(text -> !text.startsWith("https:")).isPresent()) {
                settings.refuse(url, "a URL with https" + where);
            }
        }
    }

    private void require(String path, String wanted) {
        if (settings.text(path).isEmpty() && !settings.isBroken(path)) {
            settings.missing(path, wanted);
        }
    }
}
