package txlookup.apply.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures are waited for. */
class SqlErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "XX000, ERROR: SSL SYSCALL error: EOF detected, true",
        "XX000, ERROR: server closed the connection unexpectedly, true",
        "XX000, ERROR: could not receive data from server: Connection reset by peer, true",
        "XX000, ERROR: cache lookup failed for relation 4711, false",
        "22003, ERROR: server closed the connection unexpectedly, false",
        "08006, ERROR: connection to the remote node failed, true"
    })
    void whatALostServerLeavesBehindIsWaitedForAndAnInternalErrorIsNot(String state, String message, boolean waits) {
        assertThat(SqlErrors.isTransient(new SQLException(message, state))).isEqualTo(waits);
    }
}
