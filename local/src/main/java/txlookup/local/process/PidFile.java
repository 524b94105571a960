package txlookup.local.process;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/** What is remembered of a started process: enough to find it, to know it again and to read its log. */
record PidFile(String name, ProcessIdentity process, Path logFile) {
    static PidFile write(Path file, PidFile content) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("name", content.name);
        properties.setProperty("pid", Long.toString(content.process.pid()));
        properties.setProperty("birth", content.process.birth());
        properties.setProperty("log", content.logFile.toString());
        Path unfinished =
                Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
        try (Writer writer = Files.newBufferedWriter(unfinished)) {
            properties.store(writer, null);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        return content;
    }

    /** Empty when there is no such file. */
    static Optional<PidFile> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            ProcessIdentity process = new ProcessIdentity(
                    Long.parseLong(properties.getProperty("pid", "")), properties.getProperty("birth", ""));
            return Optional.of(new PidFile(
                    properties.getProperty("name", ""), process, Path.of(properties.getProperty("log", ""))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new LocalEnvironmentException(
                    "cannot read the pid file " + file + ": " + e + "; end its process yourself and delete the file",
                    e);
        }
    }
}
