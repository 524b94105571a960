package txlookup.api.console;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import txlookup.api.Inquiries;
import txlookup.api.LookupDesk;
import txlookup.api.Rebuilds;
import txlookup.api.Standstills;

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
    Pages pages(Languages languages, FormToken token, Assets assets, Inquiries inquiries, Clock clock) {
        return new Pages(languages, token, assets, inquiries, clock);
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
    LookupPages lookupPages(@Qualifier("consoleDesk") LookupDesk desk, Inquiries inquiries, Pages pages, Clock clock) {
        return new LookupPages(desk, inquiries, pages, clock);
    }

    @Bean
    ListPages listPages(@Qualifier("consoleDesk") LookupDesk desk, Inquiries inquiries, Pages pages) {
        return new ListPages(desk, inquiries, pages);
    }

    @Bean
    DeadLetterPages deadLetterPages(
            @Qualifier("consoleDesk") LookupDesk desk,
            @Qualifier("lookupConnections") HikariDataSource database,
            Pages pages) {
        return new DeadLetterPages(desk, new DeadLetterReads(database), pages);
    }

    @Bean
    DeadLetterActs deadLetterActs(
            @Qualifier("consoleDesk") LookupDesk desk,
            @Qualifier("lookupConnections") HikariDataSource database,
            @Qualifier("orderConnections") HikariDataSource orders,
            FormToken token) {
        return new DeadLetterActs(desk, new DeadLetterReads(database), new DeadLetterOrders(orders), token);
    }

    @Bean
    PipelineWatch pipelineWatch(
            @Qualifier("lookupConnections") HikariDataSource database,
            Standstills standstills,
            Inquiries inquiries,
            Clock clock) {
        return new PipelineWatch(new PipelineReads(database), standstills, inquiries, clock);
    }

    @Bean
    PipelinePages pipelinePages(@Qualifier("consoleDesk") LookupDesk desk, PipelineWatch watch, Pages pages) {
        return new PipelinePages(desk, watch, pages);
    }

    @Bean
    RebuildPages rebuildPages(@Qualifier("consoleDesk") LookupDesk desk, Rebuilds rebuilds, Pages pages) {
        return new RebuildPages(desk, rebuilds, pages);
    }
}
