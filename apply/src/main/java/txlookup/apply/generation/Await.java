package txlookup.apply.generation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks the store again and again until nothing is missing any more. */
final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration SAY_AFTER = Duration.ofSeconds(1);

    private final Connection connection;
    private final Consumer<String> progress;

    /** @param progress gets one line when a wait takes longer than a second */
    Await(Connection connection, Consumer<String> progress) {
        this.connection = connection;
        this.progress = progress;
    }

    interface Question {
        /** What is missing; null when nothing is. */
        @Nullable
        String ask() throws SQLException;
    }

    /** Asks until the answer is null, each time in a transaction of its own, and gives the last one. */
    @Nullable
    String nothingMissing(Duration within, Question question, String waiting)
            throws SQLException, InterruptedException {
        long began = System.nanoTime();
        boolean told = false;
        while (true) {
            String answer = question.ask();
            connection.commit();
            long waited = System.nanoTime() - began;
            if (answer == null || waited > within.toNanos()) {
                return answer;
            }
            if (!told && waited > SAY_AFTER.toNanos()) {
                progress.accept(waiting + ": " + answer);
                told = true;
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }
}
