package txlookup.azure.destroy.run;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import txlookup.azure.arm.ArmId;
import txlookup.azure.destroy.plan.PlanFile;

/**
 * How far a plan's execution is, one line for each event, each on the disk before the next request: a second run goes
 * on, and never deletes again what this plan has deleted already and somebody made anew since.
 */
public final class DestroyJournal implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String AUDIT = "the audit";

    private final @Nullable FileChannel file;
    private final String sha256;
    private final Set<String> done = new HashSet<>();
    private final Map<String, URI> operations = new HashMap<>();

    /**
     * One line.
     *
     * @param operation where a long-running operation is asked about; null when none is meant
     */
    record Entry(
            String plan,
            String event,
            String subject,
            @Nullable String operation) {}

    private DestroyJournal(@Nullable FileChannel file, String sha256) {
        this.file = file;
        this.sha256 = sha256;
    }

    /** A journal that is forgotten with the process; for tests. */
    public static DestroyJournal inMemory(String sha256) {
        return new DestroyJournal(null, sha256);
    }

    /**
     * The journal beside that plan, begun or continued; one process at a time.
     *
     * @throws IOException when another process has it, or it is of another plan
     */
    public static DestroyJournal open(PlanFile plan) throws IOException {
        Path path = plan.path().resolveSibling(plan.path().getFileName() + ".journal");
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(channel, path);
            DestroyJournal journal = new DestroyJournal(channel, plan.sha256());
            channel.truncate(journal.replay(path));
            channel.position(channel.size());
            return journal;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void lock(FileChannel channel, Path path) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("another process executes this plan: it holds %s; wait for it".formatted(path));
        }
    }

    /** Takes up what is there, and answers where the last whole line ends: a kill may have cut one. */
    private long replay(Path path) throws IOException {
        String text = Files.readString(path, StandardCharsets.UTF_8);
        int whole = text.lastIndexOf('\n') + 1;
        List<String> lines = text.substring(0, whole).lines().toList();
        for (String line : lines) {
            Entry entry;
            try {
                entry = JSON.readValue(line, Entry.class);
            } catch (JacksonException e) {
                throw new IOException("%s is not the journal of a plan: %s".formatted(path, e.getOriginalMessage()), e);
            }
            if (!entry.plan().equals(sha256)) {
                throw new IOException("%s belongs to another plan, %s; move it away or make a new plan"
                        .formatted(path, entry.plan().substring(0, PlanFile.CONFIRMATION_LENGTH)));
            }
            take(entry);
        }
        return text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
    }

    /** Whether the audit was exported to its last row, or was allowed to go. */
    public boolean isAuditSettled() {
        return isDone(AUDIT);
    }

    public void auditSettled() throws IOException {
        done(AUDIT);
    }

    /** Whether any request was made for this plan before. */
    boolean isDone(String subject) {
        return done.contains(subject);
    }

    boolean isDone(ArmId id) {
        return isDone(subject(id));
    }

    Optional<URI> operation(String subject) {
        return Optional.ofNullable(operations.get(subject));
    }

    void asked(String subject) throws IOException {
        write(new Entry(sha256, "asked", subject, null));
    }

    void running(String subject, URI operation) throws IOException {
        write(new Entry(sha256, "running", subject, operation.toString()));
    }

    void settled(String subject) throws IOException {
        write(new Entry(sha256, "settled", subject, null));
    }

    void done(String subject) throws IOException {
        write(new Entry(sha256, "done", subject, null));
    }

    static String subject(ArmId id) {
        return id.toString().toLowerCase(Locale.ROOT);
    }

    static String purgeOf(ArmId id) {
        return "purge " + subject(id);
    }

    private void take(Entry entry) {
        switch (entry.event()) {
            case "done" -> {
                done.add(entry.subject());
                operations.remove(entry.subject());
            }
            case "running" -> operations.put(entry.subject(), URI.create(String.valueOf(entry.operation())));
            case "settled" -> operations.remove(entry.subject());
            default -> operations.remove(entry.subject());
        }
    }

    private void write(Entry entry) throws IOException {
        if (file != null) {
            ByteBuffer line = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(entry) + "\n");
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        }
        take(entry);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
