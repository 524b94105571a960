package txlookup.azure.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What gives a container the tokens of its identity, as Container Apps does, over HTTP on this machine. A server here
 * knows no tokens, so the token is the password of the identity's role.
 */
final class FakeIdentity implements AutoCloseable {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final String RENEW_LOGIN = "ALTER ROLE %s LOGIN PASSWORD '%s'";
    private static final String CREATE_LOGIN = "CREATE ROLE %s LOGIN PASSWORD '%s'";
    /** Of a server's Entra administrators alone, as there. */
    private static final String CREATE_PRINCIPAL = """
            CREATE OR REPLACE FUNCTION pgaadauth_create_principal_with_oid(
                role_name text, object_id text, object_type text, is_admin boolean, is_mfa boolean)
            RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $made$
            BEGIN
                EXECUTE format('CREATE ROLE %%I LOGIN PASSWORD %%L', role_name, '%s');
                RETURN 'Created role for ' || role_name;
            END $made$;
            REVOKE EXECUTE ON FUNCTION pgaadauth_create_principal_with_oid FROM PUBLIC;
            GRANT EXECUTE ON FUNCTION pgaadauth_create_principal_with_oid TO %s""";

    private static final String DUPLICATE = "42710";

    private final HttpServer server;
    private final String header = UUID.randomUUID().toString();
    private final String token = "fake-token-" + UUID.randomUUID();

    private FakeIdentity(HttpServer server) {
        this.server = server;
    }

    static FakeIdentity start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        FakeIdentity identity = new FakeIdentity(server);
        server.createContext("/msi/token", identity::answer);
        server.start();
        return identity;
    }

    /** What a container is told of it. */
    Map<String, String> variables() {
        return Map.of(
                "IDENTITY_ENDPOINT",
                "http://127.0.0.1:%d/msi/token".formatted(server.getAddress().getPort()),
                "IDENTITY_HEADER",
                header);
    }

    /** Lets the identity log in to a server under that role, as an administrator of it. */
    void admit(String jdbcUrl, String administrator, String password, String role) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, administrator, password);
                Statement statement = connection.createStatement()) {
            String quoted = statement.enquoteIdentifier(role, true);
            try {
                statement.execute(CREATE_LOGIN.formatted(quoted, token));
            } catch (SQLException e) {
                if (!DUPLICATE.equals(e.getSQLState())) {
                    throw e;
                }
                statement.execute(RENEW_LOGIN.formatted(quoted, token));
            }
            statement.execute(CREATE_PRINCIPAL.formatted(token, quoted));
        } catch (SQLException e) {
            throw new IllegalStateException("role %s cannot be made: %s".formatted(role, e.getMessage()), e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = header.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"));
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            if (known) {
                body.put("access_token", token)
                        .put("token_type", "Bearer")
                        .put(
                                "expires_on",
                                Long.toString(Instant.now().plus(LIFETIME).getEpochSecond()));
            } else {
                body.put("error", "invalid_request").put("error_description", "no X-IDENTITY-HEADER of a container");
            }
            byte[] text = body.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? 200 : 401, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
