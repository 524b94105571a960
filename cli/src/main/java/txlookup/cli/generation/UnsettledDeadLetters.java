package txlookup.cli.generation;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import txlookup.apply.model.SourceHeaders;
import txlookup.apply.store.deadletter.DeadLetterSelection;
import txlookup.apply.store.deadletter.DeadLetterState;
import txlookup.apply.store.deadletter.DeadLetters;
import txlookup.apply.store.deadletter.StoredDeadLetter;

/** Keeps the dead letters that nobody settled in a file, one JSON object a line, before their generation goes. */
final class UnsettledDeadLetters {
    static final String FILE = "unsettled-dead-letters.ndjson";

    private static final Set<DeadLetterState> UNSETTLED = EnumSet.of(DeadLetterState.OPEN, DeadLetterState.REPLAYING);
    private static final int PAGE = 1_000;
    private static final String UNDEFINED_TABLE = "42P01";

    private final DeadLetters deadLetters;

    UnsettledDeadLetters(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * Writes them into the folder, whole or not at all; no file where there are none.
     *
     * @return how many
     */
    long keep(Path folder) throws IOException, SQLException {
        List<StoredDeadLetter> page = page(0);
        if (page.isEmpty()) {
            return 0;
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(FILE + ".part");
        long kept = 0;
        try (BufferedWriter lines = Files.newBufferedWriter(part)) {
            while (!page.isEmpty()) {
                for (StoredDeadLetter one : page) {
                    lines.write(json(one).toString());
                    lines.newLine();
                    kept++;
                }
                page = page(page.get(page.size() - 1).id());
            }
        }
        Files.move(part, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return kept;
    }

    /** Nothing where a retirement that was killed has dropped them already: it had kept them first. */
    private List<StoredDeadLetter> page(long after) throws SQLException {
        try {
            return deadLetters.page(DeadLetterSelection.all(), UNSETTLED, after, PAGE);
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return List.of();
            }
            throw e;
        }
    }

    private static ObjectNode json(StoredDeadLetter one) {
        SourceHeaders headers = one.record().headers();
        return JsonMapper.shared()
                .createObjectNode()
                .put("source", one.source().toString())
                .put("position", one.record().position())
                .put("record_time", one.record().time().toString())
                .put("reason", one.reason())
                .put("detail", one.detail())
                .put("attempts", one.attempts())
                .put("failed_at", one.failedAt().toString())
                .put("headers", headers == null ? null : headers.toJson())
                .put("key_base64", base64(one.record().key()))
                .put("value_base64", base64(one.record().value()));
    }

    private static @Nullable String base64(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }
}
