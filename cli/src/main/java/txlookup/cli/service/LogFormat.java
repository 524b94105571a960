package txlookup.cli.service;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import txlookup.profiles.Stage;

/** How log lines look: for people, or an object a line for a collector. */
public enum LogFormat {
    TEXT,
    JSON;

    private static final Logger log = LoggerFactory.getLogger(LogFormat.class);

    // logback.xml takes the appender of this name.
    private static final String PROPERTY = "txlookup.log.format";
    private static final String VARIABLE = "TXLOOKUP_LOG";

    /**
     * What a service of that stage writes: what {@code TXLOOKUP_LOG} says, else JSON where the stage is not local.
     *
     * @throws IllegalArgumentException when the variable says neither {@code text} nor {@code json}
     */
    static LogFormat ofService(Stage stage) {
        String wanted = System.getenv(VARIABLE);
        if (wanted == null || wanted.isBlank()) {
            return stage == Stage.LOCAL ? TEXT : JSON;
        }
        for (LogFormat format : values()) {
            if (format.wireName().equals(wanted)) {
                return format;
            }
        }
        throw new IllegalArgumentException("%s: saw %s, wanted text or json".formatted(VARIABLE, wanted));
    }

    public static LogFormat current() {
        return JSON.wireName().equals(System.getProperty(PROPERTY)) ? JSON : TEXT;
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** From here on, in this process. */
    void use() {
        System.setProperty(PROPERTY, wireName());
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(LogFormat.class.getResource("/logback.xml"));
        } catch (JoranException e) {
            throw new IllegalStateException("This build's logback.xml cannot be read: " + e.getMessage(), e);
        }
        if (this == JSON) {
            // The JVM's own way to tell it takes many lines.
            Thread.setDefaultUncaughtExceptionHandler(
                    (thread, e) -> log.error("The thread {} ended", thread.getName(), e));
        }
    }
}
