package txlookup.apply.store.batch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import txlookup.local.testing.GivenStore;

/** The same of tables that have partitions: each key is asked of its own. */
class PartedRowWriterIT extends RowWriterIT {
    @Override
    StoreFixture newFixture() throws SQLException {
        assumeTrue(GivenStore.find().isEmpty(), "a store that is given is what it is");
        return new StoreFixture(4);
    }
}
