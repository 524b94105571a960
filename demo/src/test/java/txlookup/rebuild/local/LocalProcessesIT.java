package txlookup.rebuild.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import txlookup.local.process.LocalEnvironmentException;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;

class LocalProcessesIT {
    private static final long FIRST = 20261121010733L;
    private static final long SECOND = 20261122010733L;
    private static final int API = 28180;
    private static final int CONSUMER = 28190;

    @TempDir
    Path root;

    private LocalFolders folders;
    private LocalProcesses processes;

    @BeforeEach
    void open() {
        folders = new LocalFolders(root);
        processes = processes(CONSUMER, 2);
    }

    private LocalProcesses processes(int consumerPort, int apis) {
        Profile profile = ProfileLoader.ofThisProcess()
                .load(
                        "local",
                        Map.of(
                                "api.port", Integer.toString(API),
                                "consumer.port", Integer.toString(consumerPort),
                                "local.apiProcesses", Integer.toString(apis)));
        return new LocalProcesses(profile, folders, ReadyProcess.command());
    }

    @AfterEach
    void kill() throws Exception {
        processes.kill();
    }

    @Test
    void eachGenerationHasAConsumerOfItsOwnUntilItIsStoppedAndNothingNamesItThen() throws Exception {
        processes.startConsumer(FIRST);
        processes.startConsumer(SECOND);

        URI first = processes.consumer(FIRST).address().orElseThrow();
        URI second = processes.consumer(SECOND).address().orElseThrow();
        assertThat(first.getPort()).isEqualTo(CONSUMER);
        assertThat(second.getPort()).isNotIn(CONSUMER, API, API + 1);
        assertThat(get(first)).contains("consume --generation " + FIRST);
        assertThat(get(second)).contains("consume --generation " + SECOND);
        long running = processes.consumer(SECOND).find().orElseThrow().pid();
        assertThat(processes.startConsumer(SECOND).pid()).isEqualTo(running);

        processes.stop(FIRST);
        processes.stop(FIRST);

        assertThat(processes.parts()).extracting(LocalPart::name).containsExactly("consumer-" + SECOND);
        assertThat(folders.run()).isDirectoryNotContaining("glob:**consumer-" + FIRST + ".{pid,address,log}");
        assertThat(get(second)).contains("consume --generation " + SECOND);
        assertThatThrownBy(() -> processes.consumer(FIRST).requireRunning())
                .isInstanceOf(LocalEnvironmentException.class)
                .hasMessageContaining("consumer-" + FIRST + " ended");
    }

    @Test
    void apiProcessesTakeThePortsFromTheProfilesOnAndStopWithAllOthers() throws Exception {
        processes.requirePorts();
        processes.startApi();
        processes.startConsumer(FIRST);
        processes.startApi();
        processes.requirePorts();

        assertThat(get(URI.create("http://127.0.0.1:" + API))).contains("serve --set api.port=" + API);
        assertThat(get(URI.create("http://127.0.0.1:" + (API + 1)))).contains("api.port=" + (API + 1));
        assertThat(processes.parts()).extracting(LocalPart::name).containsExactly("consumer-" + FIRST, "api", "api-2");
        assertThat(processes.parts())
                .allSatisfy(part -> assertThat(part.isDown()).isFalse());

        processes.stop();

        assertThat(processes.parts()).isEmpty();
        assertThat(folders.run()).isDirectoryNotContaining("glob:**.address");
    }

    @Test
    void aConsumerLeavesThePortsThatTheApiIsToHave() throws Exception {
        processes = processes(API + 1, 2);

        processes.startConsumer(FIRST);

        assertThat(processes.consumer(FIRST).address().orElseThrow().getPort()).isNotIn(API, API + 1);
    }

    @Test
    void aPortOfTheSecondApiProcessThatAnotherProgramHasIsRefusedByName() throws Exception {
        try (ServerSocket other = new ServerSocket(API + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(processes::requirePorts)
                    .isInstanceOf(LocalEnvironmentException.class)
                    .hasMessageContaining("Port %d for the api-2", API + 1)
                    .hasMessageContaining("api.port");
        }
    }

    private static String get(URI address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
