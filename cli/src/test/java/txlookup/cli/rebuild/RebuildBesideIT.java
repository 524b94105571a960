package txlookup.cli.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import txlookup.cli.local.LocalCommands;

/** A generation is rebuilt beside the one that serves: nothing that anybody reads changes before the switch. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RebuildBesideIT {
    private static final String EVENT = """
            {"tx_id":"%s","wallet_id":"w-1","entry_type":"PAYMENT","amount":"1.00","event_time":"2026-02-05T01:00:00Z","version":1}""";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private LocalCommands commands;

    @BeforeEach
    void open() throws Exception {
        // What is judged here is who answers; other tests may use this machine's time.
        commands = new LocalCommands(folder).withWideObjectives();
    }

    @AfterEach
    void down() throws Exception {
        commands.run("down.txt", "down", "--destroy", "--discard-audit");
    }

    @Test
    @Tag("nightly")
    void theFirstServesUntilTheSwitchAThirdIsRefusedAndBothFollowTheStream() throws Exception {
        assertThat(commands.run("up.txt", "up")).as(commands.output("up.txt")).isZero();
        publish("before");
        awaitFound("before", "");
        String first = listed("ACTIVE");

        assertThat(commands.run("rebuild.txt", "rebuild", "--switch", "never"))
                .as(commands.output("rebuild.txt"))
                .isZero();

        String second = listed("READY");
        assertThat(commands.output("rebuild.txt"))
                .contains("Generation %s is READY. Switch to it with".formatted(second));
        assertThat(listed("ACTIVE")).isEqualTo(first);
        publish("after");
        for (String generation : new String[] {"", first, second}) {
            awaitFound("before", generation);
            awaitFound("after", generation);
        }
        assertThat(answering("before")).isEqualTo(first);
        assertThat(commands.run("status.txt", "status"))
                .as(commands.output("status.txt"))
                .isZero();
        assertThat(commands.output("status.txt")).contains("consumer-" + first, "consumer-" + second);

        assertThat(commands.run("third.txt", "rebuild")).isEqualTo(1);
        assertThat(commands.output("third.txt")).contains("txlookup generation retire " + second);
        assertThat(answering("before")).isEqualTo(first);

        assertThat(commands.run("stop.txt", "down")).isZero();
        assertThat(commands.run("again.txt", "up"))
                .as(commands.output("again.txt"))
                .isZero();
        assertThat(answering("after")).isEqualTo(first);
        awaitFound("after", second);

        assertThat(commands.run("retire.txt", "generation", "retire", second))
                .as(commands.output("retire.txt"))
                .isZero();
        assertThat(commands.run("alone.txt", "status"))
                .as(commands.output("alone.txt"))
                .isZero();
        assertThat(commands.output("alone.txt")).contains("consumer-" + first).doesNotContain("consumer-" + second);
        assertThat(answering("before")).isEqualTo(first);
    }

    private String listed(String state) throws Exception {
        commands.run("list.txt", "generation", "list");
        Matcher line = Pattern.compile("(?m)^(\\d{14}) +" + state + "\\b").matcher(commands.output("list.txt"));
        assertThat(line.find()).as(commands.output("list.txt")).isTrue();
        return line.group(1);
    }

    private static void publish(String txId) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + LocalCommands.KAFKA_PORT),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("ledger.entry.upserted", txId, EVENT.formatted(txId)))
                    .get();
        }
    }

    private void awaitFound(String txId, String generation) throws Exception {
        while (ask(txId, generation).statusCode() != 200) {
            Thread.sleep(20);
        }
    }

    private String answering(String txId) throws Exception {
        return ask(txId, "").headers().firstValue("X-Generation").orElse("none");
    }

    private HttpResponse<String> ask(String txId, String generation) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/admin/tx/%s".formatted(LocalCommands.API_PORT, txId)))
                .header("X-Actor-Roles", "ADMIN_READ,ADMIN_OPERATE");
        if (!generation.isEmpty()) {
            request.header("X-Generation", generation);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
