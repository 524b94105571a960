package txlookup.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the API logs of requests. */
final class RequestLog {
    private RequestLog() {}

    /** The lines of an action that makes at least one lookup. */
    static List<ILoggingEvent> during(Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(RequestFrame.class);
        Level before = logger.getLevel();
        List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                line.prepareForDeferredProcessing();
                lines.add(line);
            }
        };
        appender.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        try {
            action.run();
            // The line is written just after the answer.
            Eventually.within(Duration.ofSeconds(10), "a line in the log", () -> !lines.isEmpty());
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(before);
        }
        return lines;
    }
}
