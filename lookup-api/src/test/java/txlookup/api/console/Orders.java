package txlookup.api.console;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import txlookup.api.RunningApi;

/** What people order in the console and programs over HTTP, and what the store then holds. */
public record Orders(RunningApi api) {
    public static final String OPERATOR = "ADMIN_READ,ADMIN_OPERATE";

    static final String OF_IT = "generation=" + RunningApi.GENERATION;

    /** The form's token, as the console gives it to this browser. */
    String token() {
        String cookie =
                api.get("/dead-letters").headers().firstValue("Set-Cookie").orElseThrow();
        return cookie.substring("form_token=".length(), cookie.indexOf(';'));
    }

    /** @param fields each with an ampersand before it */
    public HttpResponse<String> submit(String path, String fields, String actor, String roles) {
        String token = token();
        return send(
                path, OF_IT + fields + "&form_token=" + token, actor, roles, List.of("Cookie", "form_token=" + token));
    }

    HttpResponse<String> send(String path, String form, String actor, String roles, List<String> headers) {
        List<String> all = new ArrayList<>(List.of(
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html",
                "X-Actor-Id",
                actor,
                "X-Actor-Roles",
                roles));
        all.addAll(headers);
        return api.post(path, form, all.toArray(String[]::new));
    }

    /** @param key by which an order is recognised when it is sent again */
    public HttpResponse<String> program(String path, String body, String key, String actor, String roles) {
        return api.post(
                path,
                body,
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key,
                "X-Actor-Id",
                actor,
                "X-Actor-Roles",
                roles,
                "X-Generation",
                String.valueOf(RunningApi.GENERATION));
    }

    /** Each row's columns with commas between. */
    public List<String> rows(String sql) {
        try (Connection store = api.database().connect();
                Statement statement = store.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    columns.add(row.getString(column));
                }
                rows.add(String.join(",", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
