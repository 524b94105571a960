package txlookup.api.console;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import txlookup.api.act.GenerationActs;
import txlookup.api.audit.AuditTrail;
import txlookup.api.auth.Callers;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.console.deadletter.DeadLetterActController;
import txlookup.api.console.deadletter.DeadLetterActs;
import txlookup.api.console.deadletter.DeadLetterPages;
import txlookup.api.console.deadletter.DiscardRule;
import txlookup.api.console.deadletter.SecondPersonController;
import txlookup.api.console.page.AssetController;
import txlookup.api.console.page.Assets;
import txlookup.api.console.page.AuditPages;
import txlookup.api.console.page.GenerationPages;
import txlookup.api.console.page.HelpPages;
import txlookup.api.console.page.LanguageController;
import txlookup.api.console.page.Languages;
import txlookup.api.console.page.ListPages;
import txlookup.api.console.page.LookupPages;
import txlookup.api.console.page.Pages;
import txlookup.api.console.page.RebuildPages;
import txlookup.api.console.page.SignedOutPage;
import txlookup.api.console.pipeline.PipelinePages;
import txlookup.api.console.pipeline.PipelineReads;
import txlookup.api.console.pipeline.PipelineWatch;
import txlookup.api.generation.GenerationList;
import txlookup.api.generation.Generations;
import txlookup.api.health.AllStandstills;
import txlookup.api.lookup.AuditedRequests;
import txlookup.api.lookup.PersonalData;
import txlookup.api.rebuild.Rebuilds;
import txlookup.api.web.CursorSigner;
import txlookup.api.web.OpenApiController;

/** What the console is made of, all of it. */
@Configuration(proxyBeanMethods = false)
public class ConsoleBeans {
    /** Made by Spring alone. */
    public ConsoleBeans() {}

    @Bean
    Languages languages() {
        return new Languages();
    }

    @Bean
    Assets assets() {
        return new Assets();
    }

    @Bean
    Pages pages(Languages languages, Assets assets, Generations generations, Clock clock) {
        return new Pages(languages, assets, generations, clock);
    }

    @Bean
    ConsoleProblems consoleProblems(Pages pages, LookupApiSettings settings) {
        return new ConsoleProblems(pages, settings.authentication().signIn().isPresent());
    }

    @Bean
    AssetController assetController(Assets assets) {
        return new AssetController(assets);
    }

    @Bean
    LanguageController languageController() {
        return new LanguageController();
    }

    @Bean
    HelpPages helpPages(
            @Qualifier("consoleDesk") AuditedRequests desk, Callers callers, OpenApiController openApi, Pages pages) {
        return new HelpPages(desk, callers, openApi, pages);
    }

    @Bean
    SignedOutPage signedOutPage(Pages pages) {
        return new SignedOutPage(pages);
    }

    @Bean
    LookupPages lookupPages(
            @Qualifier("consoleDesk") AuditedRequests desk, Pages pages, PersonalData personal, Clock clock) {
        return new LookupPages(desk, pages, personal, clock);
    }

    @Bean
    ListPages listPages(@Qualifier("consoleDesk") AuditedRequests desk, Pages pages, PersonalData personal) {
        return new ListPages(desk, pages, personal);
    }

    @Bean
    DeadLetterPages deadLetterPages(
            @Qualifier("consoleDesk") AuditedRequests desk,
            Generations generations,
            Pages pages,
            PersonalData personal,
            DiscardRule discards) {
        return new DeadLetterPages(desk, generations, pages, personal, discards);
    }

    @Bean
    DeadLetterActController deadLetterActController(
            @Qualifier("lookupDesk") AuditedRequests desk, PersonalData personal, DiscardRule discards) {
        return new DeadLetterActController(desk, personal, discards);
    }

    @Bean
    DeadLetterActs deadLetterActs(@Qualifier("consoleDesk") AuditedRequests desk, DiscardRule discards) {
        return new DeadLetterActs(desk, discards);
    }

    @Bean
    DiscardRule discards(LookupApiSettings settings) {
        return new DiscardRule(settings.discardByTwo());
    }

    @Bean
    SecondPersonController secondPersonController(@Qualifier("consoleDesk") AuditedRequests desk) {
        return new SecondPersonController(desk);
    }

    @Bean
    PipelineWatch pipelineWatch(
            @Qualifier("controlConnections") HikariDataSource database,
            AllStandstills standstills,
            Generations generations,
            LookupApiSettings settings,
            Clock clock) {
        return new PipelineWatch(new PipelineReads(database, generations), standstills, settings.freshness(), clock);
    }

    @Bean
    PipelinePages pipelinePages(@Qualifier("consoleDesk") AuditedRequests desk, PipelineWatch watch, Pages pages) {
        return new PipelinePages(desk, watch, pages);
    }

    @Bean
    AuditPages auditPages(
            @Qualifier("controlConnections") HikariDataSource database,
            @Qualifier("consoleDesk") AuditedRequests desk,
            CursorSigner cursors,
            Pages pages) {
        return new AuditPages(desk, new AuditTrail(database), cursors, pages);
    }

    @Bean
    RebuildPages rebuildPages(
            @Qualifier("consoleDesk") AuditedRequests desk,
            Rebuilds rebuilds,
            GenerationList generations,
            Pages pages) {
        return new RebuildPages(desk, rebuilds, generations, pages);
    }

    @Bean
    GenerationPages generationPages(
            @Qualifier("consoleDesk") AuditedRequests desk,
            GenerationActs acts,
            GenerationList generations,
            Pages pages) {
        return new GenerationPages(desk, acts, generations, pages);
    }
}
