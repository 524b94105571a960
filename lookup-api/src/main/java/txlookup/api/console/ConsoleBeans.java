package txlookup.api.console;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import txlookup.api.AllStandstills;
import txlookup.api.ApiSettings;
import txlookup.api.GenerationList;
import txlookup.api.Generations;
import txlookup.api.LookupDesk;
import txlookup.api.Rebuilds;
import txlookup.api.act.GenerationActs;

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
    FormToken formToken() {
        return new FormToken();
    }

    @Bean
    Assets assets() {
        return new Assets();
    }

    @Bean
    Pages pages(Languages languages, FormToken token, Assets assets, Generations generations, Clock clock) {
        return new Pages(languages, token, assets, generations, clock);
    }

    @Bean
    ConsoleProblems consoleProblems(Pages pages) {
        return new ConsoleProblems(pages);
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
    LookupPages lookupPages(@Qualifier("consoleDesk") LookupDesk desk, Pages pages, Clock clock) {
        return new LookupPages(desk, pages, clock);
    }

    @Bean
    ListPages listPages(@Qualifier("consoleDesk") LookupDesk desk, Pages pages) {
        return new ListPages(desk, pages);
    }

    @Bean
    DeadLetterPages deadLetterPages(@Qualifier("consoleDesk") LookupDesk desk, Generations generations, Pages pages) {
        return new DeadLetterPages(desk, generations, pages);
    }

    @Bean
    DeadLetterActs deadLetterActs(@Qualifier("consoleDesk") LookupDesk desk, FormToken token) {
        return new DeadLetterActs(desk, token);
    }

    @Bean
    PipelineWatch pipelineWatch(
            @Qualifier("controlConnections") HikariDataSource database,
            AllStandstills standstills,
            Generations generations,
            ApiSettings settings,
            Clock clock) {
        return new PipelineWatch(new PipelineReads(database, generations), standstills, settings.freshness(), clock);
    }

    @Bean
    PipelinePages pipelinePages(@Qualifier("consoleDesk") LookupDesk desk, PipelineWatch watch, Pages pages) {
        return new PipelinePages(desk, watch, pages);
    }

    @Bean
    RebuildPages rebuildPages(
            @Qualifier("consoleDesk") LookupDesk desk, Rebuilds rebuilds, GenerationList generations, Pages pages) {
        return new RebuildPages(desk, rebuilds, generations, pages);
    }

    @Bean
    GenerationPages generationPages(
            @Qualifier("consoleDesk") LookupDesk desk,
            GenerationActs acts,
            GenerationList generations,
            FormToken token,
            Pages pages) {
        return new GenerationPages(desk, acts, generations, token, pages);
    }
}
