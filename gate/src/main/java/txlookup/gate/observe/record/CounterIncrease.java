package txlookup.gate.observe.record;

/** By how much a counter grew; one that falls was begun anew from 0, as Prometheus reads it. */
public final class CounterIncrease {
    private double last;
    private double by;
    private int resets;

    public CounterIncrease(double start) {
        this.last = start;
    }

    public void seen(double value) {
        if (value < last) {
            resets++;
            by += value;
        } else {
            by += value - last;
        }
        last = value;
    }

    public double by() {
        return by;
    }

    public int resets() {
        return resets;
    }
}
