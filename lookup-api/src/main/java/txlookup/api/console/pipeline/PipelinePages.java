package txlookup.api.console.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
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

    // The browser asks again by itself, and so is admitted anew: a token may have expired.
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(10);

    // Without its charset, what is beyond Latin-1 would be sent as question marks.
    private static final MediaType EVENTS = new MediaType(MediaType.TEXT_EVENT_STREAM, UTF_8);

    private final AuditedRequests desk;
    private final PipelineWatch watch;
    private final Pages pages;

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

    @GetMapping("/pipeline/stream")
    SseEmitter stream(HttpServletRequest request, HttpServletResponse response) throws SQLException {
        return desk.inquireOfControl(Subject.PIPELINE, "stream", request, caller -> {
            SseEmitter emitter = new SseEmitter(LONGEST_STREAM.toMillis()) {
                @Override
                protected void extendResponse(ServerHttpResponse outputMessage) {
                    outputMessage.getHeaders().setContentType(EVENTS);
                    super.extendResponse(outputMessage);
                }
            };
            PipelineWatch.Watcher watcher = watcher(emitter, pages.language(request));
            watch.add(watcher);
            emitter.onCompletion(() -> watch.remove(watcher));
            emitter.onTimeout(emitter::complete);
            return new Seen<>(emitter, 200, 1);
        });
    }

    private PipelineWatch.Watcher watcher(SseEmitter emitter, Locale language) {
        return new PipelineWatch.Watcher() {
            @Override
            public void seen(Pipeline pipeline) {
                Draft draft = Draft.of("pipeline-panel").with("pipeline", pipeline);
                try {
                    emitter.send(SseEmitter.event()
                            .name("panel")
                            .data(pages.fragment(draft, language, null), MediaType.TEXT_HTML));
                } catch (IOException | IllegalStateException e) {
                    LOG.debug("A watcher of the pipeline is gone: {}", e.toString());
                    watch.remove(this);
                    emitter.complete();
                }
            }

            @Override
            public void end() {
                emitter.complete();
            }
        };
    }
}
