package txlookup.api;

/** The answers that were agreed, from a store whose tables have partitions: not a byte is another. */
class PartitionedExchangesIT extends GoldenExchangesIT {
    @Override
    RunningApi.Tables tables() {
        return RunningApi.Tables.PARTITIONED;
    }
}
