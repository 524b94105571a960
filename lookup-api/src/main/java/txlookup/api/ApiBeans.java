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
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import txlookup.api.audit.AuditTrail;
import txlookup.api.audit.AuditWriter;
import txlookup.api.audit.DeniedRequests;
import txlookup.api.auth.Callers;
import txlookup.api.auth.RequestRate;
import txlookup.api.config.ApiTelemetry;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.console.ConsoleBeans;
import txlookup.api.export.ExportController;
import txlookup.api.generation.GenerationChooser;
import txlookup.api.generation.GenerationController;
import txlookup.api.generation.GenerationList;
import txlookup.api.generation.Generations;
import txlookup.api.generation.SharedLookups;
import txlookup.api.health.AllStandstills;
import txlookup.api.health.MarkerController;
import txlookup.api.health.ProbeController;
import txlookup.api.health.Readiness;
import txlookup.api.lookup.AdminQueryController;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.LookupController;
import txlookup.api.lookup.ManyController;
import txlookup.api.lookup.PersonalData;
import txlookup.api.lookup.ShadowReads;
import txlookup.api.rebuild.RebuildController;
import txlookup.api.rebuild.Rebuilds;
import txlookup.api.security.FreshnessHeaders;
import txlookup.api.security.SecurityBeans;
import txlookup.api.store.Bulkhead;
import txlookup.api.store.LookupConnections;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.OpenApiController;
import txlookup.api.web.ProblemResolver;
import txlookup.api.web.RequestLoggingFilter;
import txlookup.api.web.RequestTracing;
import txlookup.api.web.WebServer;

/** What the process is made of, all of it. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@Import({GenerationBeans.class, ConsoleBeans.class, SecurityBeans.class})
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
    RequestTracing requestTracing(ApiTelemetry telemetry) {
        return new RequestTracing(telemetry.traces());
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

    /** Half of the connections; who waits for the other half waits no longer than for a connection. */
    @Bean
    Bulkhead longQuestions(LookupApiSettings settings) {
        LookupApiSettings.Database database = settings.database();
        return new Bulkhead(Math.max(1, database.poolSize() / 2), database.connectionTimeout());
    }

    @Bean
    PersonalData personalData(LookupApiSettings settings) {
        return new PersonalData(settings.maskPersonal());
    }

    @Bean
    ManyController manyController(@Qualifier("lookupDesk") AuditedRequests desk, PersonalData personal, Clock clock) {
        return new ManyController(desk, personal, clock);
    }

    @Bean
    ExportController exportController(
            @Qualifier("lookupDesk") AuditedRequests desk, PersonalData personal, CursorSigner cursors, Clock clock) {
        return new ExportController(desk, personal, cursors, clock);
    }

    @Bean({"lookupDesk", "consoleDesk"})
    AuditedRequests lookupDesk(
            Callers callers,
            RequestRate rate,
            AuditWriter audit,
            DeniedRequests denials,
            RequestTracing tracing,
            GenerationChooser chosen,
            SharedLookups shared,
            ShadowReads shadows,
            PersonalData personal,
            Bulkhead longQuestions,
            Clock clock) {
        return new AuditedRequests(
                callers, rate, audit, denials, tracing, chosen, shared, shadows, personal, longQuestions, clock);
    }

    @Bean
    CursorSigner cursors(LookupApiSettings settings) {
        return new CursorSigner(cursorSecret(settings));
    }

    @Bean
    LookupController lookupController(
            @Qualifier("lookupDesk") AuditedRequests desk, CursorSigner cursors, Clock clock) {
        return new LookupController(desk, cursors, clock);
    }

    @Bean
    AdminQueryController inquiryController(
            @Qualifier("controlConnections") HikariDataSource database,
            @Qualifier("lookupDesk") AuditedRequests desk,
            CursorSigner cursors) {
        return new AdminQueryController(desk, new AuditTrail(database), cursors);
    }

    @Bean
    Rebuilds rebuilds(@Qualifier("controlConnections") HikariDataSource database) {
        return new Rebuilds(database);
    }

    @Bean
    RebuildController rebuildController(@Qualifier("lookupDesk") AuditedRequests desk, Rebuilds rebuilds) {
        return new RebuildController(desk, rebuilds);
    }

    @Bean
    GenerationList generationList(
            @Qualifier("controlConnections") HikariDataSource database,
            Generations generations,
            LookupApiSettings settings,
            Clock clock) {
        return new GenerationList(database, generations, settings.freshness(), clock);
    }

    @Bean
    GenerationController generationController(
            @Qualifier("lookupDesk") AuditedRequests desk, GenerationList generations) {
        return new GenerationController(desk, generations);
    }

    @Bean
    MarkerController markerController(Callers callers, RequestRate rate, Generations generations) {
        return new MarkerController(callers, rate, generations);
    }

    @Bean
    OpenApiController openApiController() {
        return new OpenApiController();
    }

    @Bean
    Readiness readiness(@Qualifier("controlConnections") HikariDataSource database, AuditWriter audit) {
        return new Readiness(database, audit);
    }

    @Bean
    ProbeController probeController(Readiness readiness, AllStandstills standstills, PrometheusMeterRegistry shown) {
        return new ProbeController(readiness, standstills, shown);
    }

    @Bean
    AllStandstills standstills(Generations generations, LookupApiSettings settings, Clock clock) {
        return new AllStandstills(generations, settings.freshness(), clock);
    }

    private static byte[] cursorSecret(LookupApiSettings settings) {
        return settings.cursorSecret().map(secret -> secret.getBytes(UTF_8)).orElseGet(() -> {
            byte[] own = new byte[LookupApiSettings.SHORTEST_SECRET];
            new SecureRandom().nextBytes(own);
            return own;
        });
    }
}
