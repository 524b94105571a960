package txlookup.api;

/** The answers that were agreed, from a store whose tables are spread over several servers: not a byte is another. */
class SpreadExchangesIT extends GoldenExchangesIT {
    @Override
    RunningApi.Tables tables() {
        return RunningApi.Tables.SPREAD;
    }
}
