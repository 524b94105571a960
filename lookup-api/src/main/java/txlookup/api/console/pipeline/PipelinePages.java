package txlookup.api.console.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import txlookup.api.audit.Subject;
import txlookup.api.console.page.Pages;
import txlookup.api.console.page.Pages.Draft;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.AuditedRequests.Seen;

/** The pipeline, live. */
@Controller
final class PipelinePages {
    private static final Logger LOG = LoggerFactory.getLogger(PipelinePages.class);

    // Without its charset, what is beyond Latin-1 would be sent as question marks.
    private static final MediaType EVENTS = new MediaType(MediaType.TEXT_EVENT_STREAM, UTF_8);

    private final AuditedRequests desk;
    private final PipelineWatch watch;
    private final Pages pages;
    private final Map<Locale, Panel> panels = new ConcurrentHashMap<>();

    private record Panel(Pipeline of, String html) {}

    PipelinePages(AuditedRequests desk, PipelineWatch watch, Pages pages) {
        this.desk = desk;
        this.watch = watch;
        this.pages = pages;
    }

    @GetMapping("/pipeline")
    void show(HttpServletRequest request, HttpServletResponse response) throws SQLException, IOException {
        Pages.send(response, desk.inquireOfControl(Subject.PIPELINE, Subject.ALL, request, caller -> {
            Draft draft = Draft.of("pipeline").with("pipeline", watch.now());
            return new Seen<>(pages.render(draft, Optional.of(caller), request, response), 200, 1);
        }));
    }

    /** The watcher is known only once it is audited that somebody watches: nothing else would end it. */
    @GetMapping("/pipeline/stream")
    SseEmitter stream(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        SseEmitter emitter = desk.inquireOfControl(Subject.PIPELINE, "stream", request, caller -> {
            watch.watchers().requireRoom();
            return new Seen<>(emitter(), 200, 1);
        });
        Watchers.Watcher watcher = watcher(emitter, pages.language(request));
        emitter.onCompletion(() -> watch.watchers().remove(watcher));
        emitter.onTimeout(emitter::complete);
        watch.watchers().add(watcher);
        return emitter;
    }

    private static SseEmitter emitter() {
        return new SseEmitter(Watchers.LONGEST.toMillis()) {
            @Override
            protected void extendResponse(ServerHttpResponse outputMessage) {
                outputMessage.getHeaders().setContentType(EVENTS);
                super.extendResponse(outputMessage);
            }
        };
    }

    private Watchers.Watcher watcher(SseEmitter emitter, Locale language) {
        return new Watchers.Watcher() {
            @Override
            public void seen(Pipeline pipeline) {
                try {
                    emitter.send(SseEmitter.event().name("panel").data(panel(pipeline, language), MediaType.TEXT_HTML));
                } catch (IOException | IllegalStateException e) {
                    LOG.debug("A watcher of the pipeline is gone: {}", e.toString());
                    watch.watchers().remove(this);
                    emitter.complete();
                }
            }

            @Override
            public void end() {
                emitter.complete();
            }
        };
    }

    /** Rendered once for all who read the same language. */
    private String panel(Pipeline pipeline, Locale language) {
        return panels.compute(
                        language,
                        (same, last) -> last != null && last.of().equals(pipeline)
                                ? last
                                : new Panel(
                                        pipeline,
                                        pages.fragment(
                                                Draft.of("pipeline-panel").with("pipeline", pipeline), language, null)))
                .html();
    }
}
