package txlookup.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import txlookup.api.audit.AuditWriter;
import txlookup.api.audit.DeniedRequests;
import txlookup.api.auth.RequestRate;
import txlookup.api.config.ApiTelemetry;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.console.deadletter.DiscardRule;
import txlookup.api.generation.Generations;
import txlookup.api.lookup.PersonalData;
import txlookup.api.security.FreshnessHeaders;
import txlookup.api.security.SecurityBeans;
import txlookup.api.security.SignInBeans;
import txlookup.api.server.ProblemResolver;
import txlookup.api.server.RequestLoggingFilter;
import txlookup.api.server.RequestTracing;
import txlookup.api.server.WebServer;
import txlookup.api.store.LookupConnections;
import txlookup.api.web.CursorSigner;

/** What the process is made of beside its components: what settings shape, and what others made. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@ComponentScan(excludeFilters = @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = SignInBeans.class))
class ApiBeans implements WebMvcConfigurer {

    @Override
    public void configureHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
        resolvers.add(new ProblemResolver());
    }

    @Bean
    TomcatServletWebServerFactory webServer(LookupApiSettings settings) {
        return WebServer.factory(settings.http());
    }

    @Bean
    ServletRegistrationBean<DispatcherServlet> dispatcherServlet(WebApplicationContext context) {
        ServletRegistrationBean<DispatcherServlet> servlet =
                new ServletRegistrationBean<>(new DispatcherServlet(context), "/");
        servlet.setLoadOnStartup(1);
        return servlet;
    }

    @Bean
    FilterRegistrationBean<RequestLoggingFilter> requestFrame(MeterRegistry meters, RequestTracing tracing) {
        FilterRegistrationBean<RequestLoggingFilter> frame =
                new FilterRegistrationBean<>(new RequestLoggingFilter(meters, tracing));
        frame.setOrder(SecurityBeans.FRAME);
        return frame;
    }

    @Bean
    FilterRegistrationBean<FreshnessHeaders> freshnessHeaders(Generations generations) {
        FilterRegistrationBean<FreshnessHeaders> headers =
                new FilterRegistrationBean<>(new FreshnessHeaders(generations));
        headers.addUrlPatterns(FreshnessHeaders.LOOKUPS);
        return headers;
    }

    @Bean
    DiscardRule discards(LookupApiSettings settings) {
        return new DiscardRule(settings.discardByTwo());
    }

    @Bean
    DefaultLifecycleProcessor lifecycleProcessor(LookupApiSettings settings) {
        DefaultLifecycleProcessor lifecycle = new DefaultLifecycleProcessor();
        lifecycle.setTimeoutPerShutdownPhase(settings.http().shutdownTimeout().toMillis());
        return lifecycle;
    }

    /** What {@code /metrics} shows. */
    @Bean
    PrometheusMeterRegistry shownMeters() {
        PrometheusMeterRegistry shown = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        double startedAt = Clock.systemUTC().millis() / 1000.0;
        Gauge.builder("txlookup.process.started", () -> startedAt)
                .description("When this process started, since 1970; the label tells replicas behind one address apart")
                .baseUnit("seconds")
                .tag("instance", UUID.randomUUID().toString())
                .register(shown);
        return shown;
    }

    @Bean
    @Primary
    MeterRegistry meters(PrometheusMeterRegistry shown, ApiTelemetry telemetry) {
        MeterRegistry meters = telemetry
                .exported()
                .<MeterRegistry>map(
                        more -> new CompositeMeterRegistry().add(shown).add(more))
                .orElse(shown);
        List.<MeterBinder>of(
                        new JvmMemoryMetrics(), new JvmThreadMetrics(), new ProcessorMetrics(), new UptimeMetrics())
                .forEach(binder -> binder.bindTo(meters));
        return meters;
    }

    @Bean
    HikariDataSource controlConnections(LookupApiSettings settings, MeterRegistry meters) {
        return LookupConnections.forControl(settings.database(), meters);
    }

    @Bean
    HikariDataSource auditConnections(LookupApiSettings settings, MeterRegistry meters) {
        return LookupConnections.forAudit(settings.database(), meters);
    }

    @Bean
    AuditWriter auditWriter(
            @Qualifier("auditConnections") HikariDataSource database,
            LookupApiSettings settings,
            MeterRegistry meters) {
        AuditWriter writer = new AuditWriter(database, settings.audit());
        Gauge.builder("txlookup.api.audit.waiting", writer, AuditWriter::waiting)
                .description("Audit rows that wait for the next commit, each with a lookup that waits to be answered")
                .register(meters);
        return writer;
    }

    @Bean
    DeniedRequests deniedRequests(AuditWriter audit, LookupApiSettings settings, Clock clock, MeterRegistry meters) {
        return new DeniedRequests(audit, settings.audit().denials(), clock, meters);
    }

    @Bean
    RequestRate requestRate(LookupApiSettings settings) {
        return new RequestRate(settings.limits());
    }

    @Bean
    PersonalData personalData(LookupApiSettings settings) {
        return new PersonalData(settings.maskPersonal());
    }

    @Bean
    CursorSigner cursors(LookupApiSettings settings) {
        List<byte[]> keys =
                settings.cursorKeys().stream().map(key -> key.getBytes(UTF_8)).toList();
        if (!keys.isEmpty()) {
            return new CursorSigner(keys);
        }
        byte[] own = new byte[LookupApiSettings.SHORTEST_SECRET];
        new SecureRandom().nextBytes(own);
        return new CursorSigner(List.of(own));
    }
}
