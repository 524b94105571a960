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
import txlookup.api.console.ConsoleBeans;

/** What the process is made of, all of it. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
@Import({GenerationBeans.class, ConsoleBeans.class})
class ApiBeans implements WebMvcConfigurer {

    @Override
    public void configureHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
        resolvers.add(new ProblemResolver());
    }

    @Bean
    TomcatServletWebServerFactory webServer(ApiSettings settings) {
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
    FilterRegistrationBean<RequestFrame> requestFrame(
            MeterRegistry meters, Generations generations, RequestTracing tracing) {
        return new FilterRegistrationBean<>(new RequestFrame(meters, generations, tracing));
    }

    @Bean
    RequestTracing requestTracing(ApiTelemetry telemetry) {
        return new RequestTracing(telemetry.traces());
    }

    @Bean
    DefaultLifecycleProcessor lifecycleProcessor(ApiSettings settings) {
        DefaultLifecycleProcessor lifecycle = new DefaultLifecycleProcessor();
        lifecycle.setTimeoutPerShutdownPhase(settings.http().shutdownTimeout().toMillis());
        return lifecycle;
    }

    /** What {@code /metrics} shows. */
    @Bean
    PrometheusMeterRegistry shownMeters() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
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
    HikariDataSource controlConnections(ApiSettings settings, MeterRegistry meters) {
        return StoreConnections.forControl(settings.database(), meters);
    }

    @Bean
    HikariDataSource auditConnections(ApiSettings settings, MeterRegistry meters) {
        return StoreConnections.forAudit(settings.database(), meters);
    }

    @Bean
    AuditWriter auditWriter(
            @Qualifier("auditConnections") HikariDataSource database, ApiSettings settings, MeterRegistry meters) {
        AuditWriter writer = new AuditWriter(database, settings.audit());
        Gauge.builder("txlookup.api.audit.waiting", writer, AuditWriter::waiting)
                .description("Audit rows that wait for the next commit, each with a lookup that waits to be answered")
                .register(meters);
        return writer;
    }

    @Bean
    Callers callers(ApiSettings settings, Clock clock) {
        return settings.authentication() instanceof Authentication.Oidc oidc
                ? new TokenCallers(oidc, new IssuerKeys(oidc), clock)
                : new HeaderCallers(List.of());
    }

    @Bean
    RequestRate requestRate(ApiSettings settings) {
        return new RequestRate(settings.limits());
    }

    @Bean
    LookupDesk lookupDesk(
            Callers callers,
            RequestRate rate,
            AuditWriter audit,
            RequestTracing tracing,
            ChosenGeneration chosen,
            SharedLookups shared,
            ShadowReads shadows,
            ApiSettings settings,
            Clock clock) {
        return new LookupDesk(
                callers,
                new ClientAddress(settings.http().trustedProxies()),
                rate,
                audit,
                tracing,
                chosen,
                shared,
                shadows,
                clock);
    }

    /** A browser names no actor and no roles: on one's own machine, where there is no authentication, it may do all. */
    @Bean
    LookupDesk consoleDesk(
            Callers callers,
            RequestRate rate,
            AuditWriter audit,
            RequestTracing tracing,
            ChosenGeneration chosen,
            SharedLookups shared,
            ShadowReads shadows,
            ApiSettings settings,
            Clock clock) {
        Callers browsers = settings.authentication() instanceof Authentication.Disabled
                ? new HeaderCallers(List.of(Caller.READ, Caller.AUDIT, Caller.OPERATE))
                : callers;
        return new LookupDesk(
                browsers,
                new ClientAddress(settings.http().trustedProxies()),
                rate,
                audit,
                tracing,
                chosen,
                shared,
                shadows,
                clock);
    }

    @Bean
    CursorSigner cursors(ApiSettings settings) {
        return new CursorSigner(cursorSecret(settings));
    }

    @Bean
    LookupController lookupController(@Qualifier("lookupDesk") LookupDesk desk, CursorSigner cursors, Clock clock) {
        return new LookupController(desk, cursors, clock);
    }

    @Bean
    InquiryController inquiryController(
            @Qualifier("controlConnections") HikariDataSource database,
            @Qualifier("lookupDesk") LookupDesk desk,
            CursorSigner cursors) {
        return new InquiryController(desk, new AuditTrail(database), cursors);
    }

    @Bean
    Rebuilds rebuilds(@Qualifier("controlConnections") HikariDataSource database) {
        return new Rebuilds(database);
    }

    @Bean
    RebuildController rebuildController(@Qualifier("lookupDesk") LookupDesk desk, Rebuilds rebuilds) {
        return new RebuildController(desk, rebuilds);
    }

    @Bean
    GenerationList generationList(
            @Qualifier("controlConnections") HikariDataSource database,
            Generations generations,
            ApiSettings settings,
            Clock clock) {
        return new GenerationList(database, generations, settings.freshness(), clock);
    }

    @Bean
    GenerationController generationController(@Qualifier("lookupDesk") LookupDesk desk, GenerationList generations) {
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
    AllStandstills standstills(Generations generations, ApiSettings settings, Clock clock) {
        return new AllStandstills(generations, settings.freshness(), clock);
    }

    private static byte[] cursorSecret(ApiSettings settings) {
        return settings.cursorSecret().map(secret -> secret.getBytes(UTF_8)).orElseGet(() -> {
            byte[] own = new byte[ApiSettings.SHORTEST_SECRET];
            new SecureRandom().nextBytes(own);
            return own;
        });
    }
}
