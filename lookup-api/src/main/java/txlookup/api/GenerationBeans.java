package txlookup.api;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import txlookup.api.config.LookupApiSettings;
import txlookup.api.generation.GenerationStore;
import txlookup.api.generation.GenerationStores;
import txlookup.api.generation.Generations;
import txlookup.api.generation.ProcessHeartbeat;
import txlookup.api.generation.ServingReader;
import txlookup.api.generation.SharedLookups;
import txlookup.api.generation.SideMeters;
import txlookup.api.store.LookupConnections;
import txlookup.api.web.CursorSigner;

/** What the process knows of generations, and how it chooses among them. */
@Configuration(proxyBeanMethods = false)
class GenerationBeans {
    private static final int WAITING_FOR_EACH_CONNECTION = 2;

    @Bean
    GenerationStores generationStores(
            LookupApiSettings settings, SideMeters meters, CursorSigner cursors, Clock clock) {
        return new GenerationStores((generation, full) ->
                new GenerationStore(generation, full, settings, meters.ofPool(generation), cursors, clock));
    }

    @Bean
    ServingReader servingReader(LookupApiSettings settings, GenerationStores stores, SideMeters meters) {
        ServingReader reader = new ServingReader(
                LookupConnections.session(settings.database(), "txlookup-api serving"),
                LookupConnections.session(settings.database(), "txlookup-api late"),
                settings.database().longestLookup(),
                row -> {
                    stores.follow(row);
                    meters.follow(stores, row);
                });
        reader.start();
        return reader;
    }

    @Bean
    SharedLookups sharedLookups(Generations generations, SideMeters meters, LookupApiSettings settings) {
        return new SharedLookups(
                generations,
                meters,
                settings.serving().candidateTimeout(),
                WAITING_FOR_EACH_CONNECTION * settings.database().poolSize());
    }

    @Bean
    ProcessHeartbeat processHeartbeat(
            @Qualifier("controlConnections") HikariDataSource database, ServingReader reader, GenerationStores stores) {
        return new ProcessHeartbeat(database, reader, stores, build());
    }

    @Bean
    HikariDataSource actConnections(LookupApiSettings settings) {
        return LookupConnections.forActs(settings.database());
    }

    private static String build() {
        String version = LookupApi.class.getPackage().getImplementationVersion();
        return version == null ? "from a source tree" : version;
    }
}
