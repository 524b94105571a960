package txlookup.cli.service;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.jspecify.annotations.Nullable;

/** Names as {@code /metrics} shows them, so that one catalogue holds wherever metrics are read. */
final class ExportedNames implements NamingConvention {
    private static final String TOTAL = "_total";

    private final NamingConvention shown = new PrometheusNamingConvention();

    @Override
    public String name(String name, Meter.Type type, @Nullable String baseUnit) {
        String named = shown.name(name, type, baseUnit);
        // Prometheus' writer adds it later than its names are made.
        return type == Meter.Type.COUNTER && !named.endsWith(TOTAL) ? named + TOTAL : named;
    }

    @Override
    public String tagKey(String key) {
        return shown.tagKey(key);
    }
}
