package txlookup.apply.store.pairing;

import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;

/** The same of a generation whose tables are spread over several servers: the list is made by other statements. */
class SpreadOpenPaymentsIT extends OpenPaymentsIT {
    @BeforeEach
    @Override
    void open() throws SQLException {
        super.open();
        lookSpread();
    }
}
