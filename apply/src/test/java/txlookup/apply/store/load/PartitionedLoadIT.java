package txlookup.apply.store.load;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import txlookup.apply.store.batch.StoreFixture;
import txlookup.local.testing.GivenStore;

/** The same of tables that have partitions: their indexes are made in each, and then for all. */
class PartitionedLoadIT extends EmptyStoreLoadIT {
    @Override
    StoreFixture newFixture() throws SQLException {
        assumeTrue(GivenStore.find().isEmpty(), "a store that is given is what it is");
        return new StoreFixture(4);
    }
}
