package txlookup.gate.observe;

/** By how much a counter grew; one that falls was begun anew from 0, as Prometheus reads it. */
final class CounterIncrease {
    private double last;
    private double by;
    private int resets;

    CounterIncrease(double start) {
        this.last = start;
    }

    void seen(double value) {
        if (value < last) {
            resets++;
            by += value;
        } else {
            by += value - last;
        }
        last = value;
    }

    double by() {
        return by;
    }

    int resets() {
        return resets;
    }
}
