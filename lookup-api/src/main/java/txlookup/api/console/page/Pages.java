package txlookup.api.console.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;
import txlookup.api.auth.Caller;
import txlookup.api.freshness.DataAge;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.Generations;
import txlookup.api.web.CorrelationId;
import txlookup.api.web.OwnPath;

/** Renders pages in the language of their reader. */
@Component
public final class Pages {
    static final String MEDIA_TYPE = "text/html;charset=UTF-8";

    private static final String FOLDER = "txlookup/api/console/";

    private final SpringTemplateEngine templates = templates();
    private final Languages languages;
    private final Assets assets;
    private final Generations generations;
    private final Clock clock;

    Pages(Languages languages, Assets assets, Generations generations, Clock clock) {
        this.languages = languages;
        this.assets = assets;
        this.generations = generations;
        this.clock = clock;
    }

    /** A rendered answer. */
    public record Page(int status, String html) {}

    /** What one page is rendered from. */
    public record Draft(String template, int status, Map<String, Object> model) {
        public static Draft of(String template) {
            return new Draft(template, 200, new HashMap<>());
        }

        public Draft status(int newStatus) {
            return new Draft(template, newStatus, model);
        }

        public Draft with(String name, @Nullable Object value) {
            model.put(name, value);
            return this;
        }
    }

    /** A page that is about no generation; it says how old the data of what serves is. */
    public Page render(Draft draft, Optional<Caller> caller, HttpServletRequest request, HttpServletResponse response) {
        return render(draft, caller, generations.age(), request);
    }

    /** A page of one generation. */
    public Page render(
            Draft draft,
            Caller caller,
            GenerationStore generation,
            HttpServletRequest request,
            HttpServletResponse response) {
        return render(draft, Optional.of(caller), generation.age(), request);
    }

    /** @param caller absent on a page that is shown to somebody who was not admitted */
    private Page render(Draft draft, Optional<Caller> caller, DataAge age, HttpServletRequest request) {
        Site site = new Site(
                languages.of(request).getLanguage(),
                here(request),
                section(draft.template()),
                caller.orElse(null),
                caller.filter(Pages::hasForms).isPresent() ? formToken(request) : "",
                CorrelationId.of(request),
                age.asOf(),
                age.stale(),
                clock.instant());
        return new Page(draft.status(), fragment(draft, languages.of(request), site));
    }

    /** Who may act, and who can sign out. */
    private static boolean hasForms(Caller caller) {
        return caller.mayOperate() || caller.session().isPresent();
    }

    /** It is made when it is asked for, and with it the cookie that it is compared with. */
    private static String formToken(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token ? token.getToken() : "";
    }

    /** A part of a page, for whoever has the page already. */
    public String fragment(Draft draft, Locale language, @Nullable Site site) {
        Context context = new Context(language, draft.model());
        context.setVariable("site", site);
        context.setVariable("assets", assets);
        context.setVariable("format", new Format(language));
        return templates.process(draft.template(), context);
    }

    public Locale language(HttpServletRequest request) {
        return languages.of(request);
    }

    public static void send(HttpServletResponse response, Page page) throws IOException {
        response.setStatus(page.status());
        response.setContentType(MEDIA_TYPE);
        byte[] body = page.html().getBytes(UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static String here(HttpServletRequest request) {
        String query = request.getQueryString();
        return OwnPath.of(request.getRequestURI() + (query == null ? "" : "?" + query));
    }

    private static String section(String template) {
        return switch (template) {
            case "open-pairs" -> "open";
            case "dead-letters", "dead-letter", "run" -> "dead";
            case "pipeline" -> "pipeline";
            case "audit" -> "audit";
            case "rebuilds", "rebuild", "order", "act" -> "rebuilds";
            default -> "lookup";
        };
    }

    private static SpringTemplateEngine templates() {
        ClassLoaderTemplateResolver files = new ClassLoaderTemplateResolver(Pages.class.getClassLoader());
        files.setPrefix(FOLDER + "templates/");
        files.setSuffix(".html");
        files.setCharacterEncoding(UTF_8.name());
        ResourceBundleMessageSource messages = new ResourceBundleMessageSource();
        messages.setBasename(FOLDER + "messages");
        messages.setDefaultEncoding(UTF_8.name());
        messages.setFallbackToSystemLocale(false);
        messages.setAlwaysUseMessageFormat(true);
        SpringTemplateEngine engine = new SpringTemplateEngine();
        engine.setTemplateResolver(files);
        engine.setTemplateEngineMessageSource(messages);
        engine.setEnableSpringELCompiler(false);
        return engine;
    }
}
