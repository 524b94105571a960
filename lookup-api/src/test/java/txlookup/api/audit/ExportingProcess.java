package txlookup.api.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Clock;
import org.postgresql.ds.PGSimpleDataSource;
import txlookup.api.audit.export.AuditExport;
import txlookup.api.audit.export.ExportVerification;
import txlookup.api.audit.export.FolderTarget;

/** Exports and then reads the export, in a process of its own: store, login and folder; the password comes by its input. */
final class ExportingProcess {
    private ExportingProcess() {}

    public static void main(String[] arguments) throws Exception {
        PGSimpleDataSource store = new PGSimpleDataSource();
        store.setUrl(arguments[0]);
        store.setUser(arguments[1]);
        store.setPassword(new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine());
        Path folder = Path.of(arguments[2]);
        try (FolderTarget target = FolderTarget.toWrite(folder)) {
            System.out.println("exported "
                    + new AuditExport(store, target, Clock.systemUTC()).run().rows());
        }
        System.out.println("read "
                + new ExportVerification(FolderTarget.toRead(folder), found -> {})
                        .run()
                        .rows());
    }
}
