package txlookup.fuzz.input;

import java.util.List;
import java.util.Random;

/** Where a random decision comes from: a seed, or the bytes that a coverage-guided fuzzer varies. */
public interface Choices {
    /** A number from 0 on, below the bound. */
    int below(int bound);

    default boolean oneIn(int bound) {
        return below(bound) == 0;
    }

    default <T> T one(List<T> from) {
        return from.get(below(from.size()));
    }

    static Choices of(Random random) {
        return random::nextInt;
    }

    /** Takes two bytes a decision, and zeros when they are used up: the same bytes decide the same. */
    static Choices of(byte[] bytes, int from) {
        int[] at = {from};
        return bound -> {
            int decision = 0;
            for (int i = 0; i < 2; i++) {
                decision = decision << 8 | (at[0] < bytes.length ? bytes[at[0]++] & 0xff : 0);
            }
            return decision % bound;
        };
    }
}
