package txlookup.api;

import com.nimbusds.jose.jwk.RSAKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.api.auth.TokenIssuer;
import txlookup.api.config.LookupApiSettings;

/** The service as the golden exchanges ask it, in each of its conditions; started when first asked. */
final class GoldenService implements AutoCloseable {
    private static final RSAKey KEY = TokenIssuer.rsaKey("golden");
    private static final int TRIES_UNTIL_REFUSED = 200;

    /** What a golden file's first line may say after {@code # service:}. */
    enum Condition {
        /** As it runs on one machine: callers say who they are. */
        LOCAL,
        /** With tokens, as in every other stage. */
        OIDC,
        /** One lookup a second, and the actor has had it. */
        BUSY,
        /** The store cannot be reached. */
        STORE_AWAY,
        /** A fault of its own. */
        FAULTY
    }

    private final Map<Condition, RunningApi> running = new EnumMap<>(Condition.class);
    private final TokenIssuer issuer = TokenIssuer.start();

    GoldenService() {
        issuer.show(KEY);
    }

    String answer(Condition condition, String request) {
        RunningApi api = running.computeIfAbsent(condition, this::start);
        String sent = request.replace("{{token}}", token("ADMIN_READ"))
                .replace("{{token:auditor}}", token("ADMIN_AUDIT"))
                .replace("{{token:without a role}}", token("SOMETHING_ELSE"));
        RawHttp answer = RawHttp.exchange(api.port(), sent);
        for (int tried = 1;
                condition == Condition.BUSY && answer.status() != 429 && tried < TRIES_UNTIL_REFUSED;
                tried++) {
            answer = RawHttp.exchange(api.port(), sent);
        }
        return answer.text();
    }

    private String token(String role) {
        return TokenIssuer.sign(issuer.claims().claim("roles", List.of(role)), KEY);
    }

    private RunningApi start(Condition condition) {
        return switch (condition) {
            case LOCAL -> fresh(RunningApi.startFilled(settings -> settings));
            case OIDC ->
                fresh(RunningApi.startFilled(
                        settings -> Changed.authentication(settings, "cloud-test", issuer.oidc())));
            case BUSY ->
                fresh(RunningApi.startFilled(settings -> Changed.limits(settings, new LookupApiSettings.Limits(1, 1))));
            case STORE_AWAY ->
                RunningApi.start(settings -> Changed.database(
                        settings,
                        new LookupApiSettings.Database(
                                "jdbc:postgresql://127.0.0.1:1/none",
                                "nobody",
                                Optional.empty(),
                                1,
                                Duration.ofMillis(250),
                                // Longer than it takes to find the store away, or either could be the answer.
                                Duration.ofSeconds(10))));
            case FAULTY -> {
                RunningApi api = RunningApi.start();
                api.execute("""
                        ALTER TABLE ledger_entry RENAME COLUMN amount TO amount_before;
                        ALTER TABLE ledger_entry RENAME COLUMN wallet_id TO wallet_id_before;
                        ALTER TABLE ledger_entry RENAME COLUMN related_id TO related_id_before;
                        ALTER TABLE payment_order RENAME COLUMN created_at TO created_at_before;
                        ALTER TABLE open_payment RENAME COLUMN since TO since_before;
                        ALTER TABLE dead_letter_run RENAME COLUMN trial_id TO trial_id_before;
                        ALTER TABLE bo.evidence RENAME COLUMN cause TO cause_before;
                        ALTER TABLE bo.act RENAME COLUMN detail TO detail_before;
                        ALTER VIEW bo.generations RENAME COLUMN detail TO detail_before;
                        INSERT INTO bo.audit (at, actor, roles, action, resource_type, resource_id, method, path,
                            result, status_code, duration_ms, result_count, correlation_id,
                            chain_id, sequence, previous_hash, hash)
                        SELECT now(), 'nobody', '{NULL}', 'none', 'none', 'none', 'none', 'none',
                            'FOUND', 200, 0, 0, 'none', 0, 1, zeros, zeros
                        FROM decode(repeat('00', 32), 'hex') zeros""");
                // Made anew, so that what it found before the fault is not remembered.
                yield api.again();
            }
        };
    }

    /** The watermark is read in the background; once seen, it stays. */
    private RunningApi fresh(RunningApi api) {
        String bearer = "Bearer " + token("ADMIN_READ");
        Eventually.within(
                Duration.ofSeconds(20), "the watermark is known", () -> api.get("/admin/none", "Authorization", bearer)
                        .headers()
                        .firstValue("X-Data-As-Of")
                        .isPresent());
        return api;
    }

    @Override
    public void close() {
        List<RunningApi> all = new ArrayList<>(running.values());
        all.forEach(RunningApi::close);
        issuer.close();
    }
}
