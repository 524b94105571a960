package txlookup.api;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import txlookup.api.config.ApiTelemetry;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.generation.ProcessHeartbeat;
import txlookup.api.health.Readiness;
import txlookup.api.query.LookupQueries;
import txlookup.api.security.SignInBeans;
import txlookup.api.server.RequestLoggingFilter;

/**
 * The running lookup API (docs/contract.md, Lookup API), with {@code /health}, {@code /ready} and {@code /metrics}
 * beside it. It starts and runs while the store is away, answering 503 until it is back. When the process is asked to
 * end (SIGTERM), it stops as {@link #close()} does.
 */
public final class LookupApi implements AutoCloseable {
    private static final Map<String, Object> LOGGING = Map.of(
            "logging.pattern.correlation",
            "[%X{" + RequestLoggingFilter.CORRELATION_ID + ":-}] ",
            // A line of its own for each unknown path, with the path in it: anyone could fill the log.
            "logging.level.org.springframework.web.servlet.PageNotFound",
            "error",
            // A failure to start is thrown, with its causes; it need not be told twice more.
            "logging.level.org.springframework.boot.diagnostics",
            "off",
            "logging.level.org.springframework.boot.web.server.servlet.context",
            "error");

    private final ConfigurableApplicationContext context;
    private final int port;

    private LookupApi(ConfigurableApplicationContext context, int port) {
        this.context = context;
        this.port = port;
    }

    /**
     * Returns when it takes requests.
     *
     * @throws IllegalStateException when the port is taken
     */
    public static LookupApi start(LookupApiSettings settings) {
        return start(settings, ApiTelemetry.NONE);
    }

    /**
     * As {@link #start(LookupApiSettings)}, with traces and metrics sent to where {@code telemetry} says.
     *
     * @throws IllegalStateException when the port is taken
     */
    public static LookupApi start(LookupApiSettings settings, ApiTelemetry telemetry) {
        return start(settings, telemetry, Clock.systemUTC());
    }

    static LookupApi start(LookupApiSettings settings, Clock clock) {
        return start(settings, ApiTelemetry.NONE, clock);
    }

    private static LookupApi start(LookupApiSettings settings, ApiTelemetry telemetry, Clock clock) {
        SpringApplication application = new SpringApplication(
                settings.authentication().signIn().isPresent()
                        ? new Class<?>[] {ApiBeans.class, SignInBeans.class}
                        : new Class<?>[] {ApiBeans.class});
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setRegisterShutdownHook(false); // it would close at once, without notice
        application.setDefaultProperties(LOGGING);
        application.addInitializers((GenericApplicationContext beans) -> {
            beans.registerBean(LookupApiSettings.class, () -> settings);
            beans.registerBean(ApiTelemetry.class, () -> telemetry);
            beans.registerBean(Clock.class, () -> clock);
        });
        try {
            ConfigurableApplicationContext context = application.run();
            int port = port(context);
            context.getBean(ProcessHeartbeat.class)
                    .begin("http://%s:%d".formatted(settings.http().bindAddress(), port));
            return new LookupApi(context, port);
        } catch (RuntimeException e) {
            throw portInUse(e) ? taken(settings.http(), e) : e;
        }
    }

    /** The one statement of {@code GET /admin/tx/{tx_id}}, with a {@code ?} for the id: what a lookup costs without an API. */
    public static String transactionStatement() {
        return LookupQueries.TRANSACTION;
    }

    /** The port that it listens on, also where the settings asked for a free one. */
    public int port() {
        return port;
    }

    /** A part that runs by itself, by its name. */
    Lifecycle running(String name) {
        return context.getBean(name, Lifecycle.class);
    }

    /** Every route that it maps, as {@code GET /health}. */
    Set<String> routes() {
        return context.getBean(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
                .flatMap(route -> route.getMethodsCondition().getMethods().stream()
                        .flatMap(method -> route.getPatternValues().stream().map(pattern -> method + " " + pattern)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Says on {@code /ready} that it is ending, answers all the same for so long, and closes then: who asks before each
     * request loses none.
     */
    public void close(Duration notice) {
        context.getBean(Readiness.class).giveNotice();
        try {
            Thread.sleep(notice.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is closed at once
        }
        close();
    }

    /** Takes no more requests, ends those that run (at most {@code http.shutdownTimeout}), then releases everything. */
    @Override
    public void close() {
        context.close();
    }

    private static int port(ConfigurableApplicationContext context) {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    private static boolean portInUse(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PortInUseException) {
                return true;
            }
        }
        return false;
    }

    private static IllegalStateException taken(LookupApiSettings.Http http, RuntimeException cause) {
        return new IllegalStateException(
                "The lookup API cannot listen on %s:%d because something else does; end that or choose another port"
                        .formatted(http.bindAddress(), http.port()),
                cause);
    }
}
