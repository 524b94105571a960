package txlookup.gate.evaluate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import txlookup.gate.model.Objective.Op;

/** Values by rank. Of a value in a histogram only its bucket is known, and nothing is made up within one. */
final class Distribution {
    /** @param above what is exact has the same number in {@code atMost} */
    record Bucket(double above, double atMost, long count) {
        /** 1 when all in it are good, -1 when none is, 0 when the limit lies within it. */
        int side(Op op, double limit) {
            if (above == atMost) {
                return op.holds(atMost, limit) ? 1 : -1;
            }
            if (op.wantsSmall()) {
                return atMost <= limit ? 1 : above >= limit ? -1 : 0;
            }
            return above >= limit ? 1 : atMost <= limit ? -1 : 0;
        }
    }

    private final List<Bucket> ascending;
    private final long size;

    private Distribution(List<Bucket> ascending) {
        this.ascending = List.copyOf(ascending);
        this.size = ascending.stream().mapToLong(Bucket::count).sum();
    }

    static Distribution ofValues(Collection<Double> values) {
        return new Distribution(values.stream()
                .sorted()
                .map(value -> new Bucket(value, value, 1))
                .toList());
    }

    /** @param cumulative counts by upper bound, as Prometheus has them */
    static Distribution ofCumulative(NavigableMap<Double, Double> cumulative) {
        List<Bucket> buckets = new ArrayList<>();
        double above = 0;
        long before = 0;
        for (var bound : cumulative.entrySet()) {
            long until = Math.round(bound.getValue());
            if (until > before) {
                buckets.add(new Bucket(above, bound.getKey(), until - before));
                before = until;
            }
            above = bound.getKey();
        }
        return new Distribution(buckets);
    }

    /** @param encoded HdrHistograms of microseconds; the values are seconds */
    static Distribution ofHistograms(List<String> encoded) {
        List<Bucket> buckets = new ArrayList<>();
        for (String one : encoded) {
            Histogram histogram = decode(one);
            for (HistogramIterationValue value : histogram.recordedValues()) {
                long to = value.getValueIteratedTo();
                buckets.add(new Bucket(
                        (histogram.lowestEquivalentValue(to) - 1) / 1e6,
                        histogram.highestEquivalentValue(to) / 1e6,
                        value.getCountAtValueIteratedTo()));
            }
        }
        buckets.sort(Comparator.comparingDouble(Bucket::atMost));
        return new Distribution(buckets);
    }

    private static Histogram decode(String encoded) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("The observation holds a histogram that cannot be read: " + e, e);
        }
    }

    long size() {
        return size;
    }

    /** @param rank from 1, the least, to {@link #size} */
    Bucket at(long rank) {
        long left = rank;
        for (Bucket bucket : ascending) {
            left -= bucket.count();
            if (left <= 0) {
                return bucket;
            }
        }
        throw new IllegalArgumentException("rank %d of %d values".formatted(rank, size));
    }

    Bucket quantile(double share) {
        return at(Math.min(size, Math.max(1, (long) Math.ceil(share * size))));
    }
}
