package txlookup.local.testing;

import txlookup.local.postgres.PostgresDatabases;
import txlookup.local.process.Ports;

/**
 * The PostgreSQL server that tests share, wherever it comes from.
 *
 * @param port on the loopback address
 */
public record TestPostgres(int port, String superuser, String password) {
    /** A JDBC URL without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + port + "/" + database;
    }

    /** Makes an empty database unless it is there. Returns whether it was made. */
    public boolean createDatabase(String name) {
        return databases().create(name);
    }

    /** Drops a database with everything in it, ending the sessions that use it. Returns whether it was there. */
    public boolean dropDatabase(String name) {
        return databases().drop(name);
    }

    TestDatabase database(String name) {
        return new TestDatabase(name, jdbcUrl(name), superuser, password);
    }

    private PostgresDatabases databases() {
        return new PostgresDatabases(port, superuser, password);
    }

    /** A password must not reach a log with the rest. */
    @Override
    public String toString() {
        return "TestPostgres[port=" + port + ", superuser=" + superuser + "]";
    }
}
