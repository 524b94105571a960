package txlookup.azure.judge;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.function.LongFunction;
import txlookup.apply.store.generation.Generation;
import txlookup.apply.store.position.StoreStats;
import txlookup.rebuild.platform.FailureCause;
import txlookup.rebuild.platform.GateResult;
import txlookup.rebuild.platform.Platform;

/** No more dead letters than the profile allows, once backfill and increments are applied (docs/policy.md, Gates 2). */
public final class DeadLetterGate implements Platform.Gate {
    private final LongFunction<HikariDataSource> store;
    private final long allowed;

    /** @param allowed how many may be open */
    public DeadLetterGate(LongFunction<HikariDataSource> store, long allowed) {
        this.store = store;
        this.allowed = allowed;
    }

    @Override
    public FailureCause cause() {
        return FailureCause.SLO_FAILED;
    }

    @Override
    public List<GateResult> judge(Generation generation) throws Exception {
        long open = new StoreStats(store.apply(generation.number())).openDeadLetters();
        return List.of(new GateResult("open dead letters", open <= allowed, Long.toString(open), "at most " + allowed));
    }

    @Override
    public String unblock() {
        return "see txlookup dlq list; correct the extract or the producer";
    }
}
