package txlookup.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import txlookup.api.server.RequestLoggingFilter;

/** What the API logs. */
public final class ApiLog {
    private ApiLog() {}

    /** All lines of whatever runs meanwhile. */
    public static List<ILoggingEvent> whileRunning(Runnable action) {
        Logger all = (Logger) LoggerFactory.getLogger(LookupApi.class.getPackageName());
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        all.addAppender(lines);
        try {
            action.run();
        } finally {
            all.detachAppender(lines);
        }
        return lines.list;
    }

    /** All lines of the lookup with this correlation id, which the action makes, up to the one that ends it. */
    public static List<ILoggingEvent> of(String correlationId, Runnable action) {
        Logger requests = (Logger) LoggerFactory.getLogger(RequestLoggingFilter.class);
        Logger all = (Logger) LoggerFactory.getLogger(LookupApi.class.getPackageName());
        Level before = requests.getLevel();
        List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                // Lookups of earlier tests may still be ending.
                if (correlationId.equals(line.getMDCPropertyMap().get(RequestLoggingFilter.CORRELATION_ID))) {
                    line.prepareForDeferredProcessing();
                    lines.add(line);
                }
            }
        };
        appender.start();
        requests.setLevel(Level.INFO);
        all.addAppender(appender);
        try {
            action.run();
            // The line is written just after the answer.
            Eventually.within(Duration.ofSeconds(10), "the lookup's line", () -> lines.stream()
                    .anyMatch(line -> line.getLoggerName().equals(requests.getName())));
        } finally {
            all.detachAppender(appender);
            requests.setLevel(before);
        }
        return lines;
    }
}
