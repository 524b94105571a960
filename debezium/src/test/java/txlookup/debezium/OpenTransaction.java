package txlookup.debezium;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import txlookup.debezium.PaymentBook.Payment;

/** A transaction of the source that stays open for as long as the test wants it to. */
record OpenTransaction(Connection connection, PaymentBook book, Payment payment) implements AutoCloseable {
    /** @param id of its payment, which nobody else touches */
    static OpenTransaction begin(SourceDatabase source, long seed, String id) throws SQLException {
        Connection connection = source.connect();
        connection.setAutoCommit(false);
        return new OpenTransaction(connection, new PaymentBook(connection, new Random(seed)), paymentOf(id));
    }

    static Payment paymentOf(String id) {
        return new Payment(id);
    }

    /** Opens and changes its payment. */
    void write() throws SQLException {
        book.open(payment);
        book.change(payment);
    }

    /** Writes one row, and so one event. */
    void writeOne() throws SQLException {
        book.openTopUp(payment);
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
