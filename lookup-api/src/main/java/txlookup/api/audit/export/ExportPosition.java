package txlookup.api.audit.export;

import java.util.Map;
import java.util.TreeMap;
import txlookup.api.audit.export.ExportManifest.Head;

/**
 * Where the export stands.
 *
 * @param manifest the number of the newest manifest; 0 while there is none
 * @param digest its digest
 * @param closed whether it is the store's last
 * @param heads the last exported row of each of the store's chains
 */
record ExportPosition(long manifest, String digest, boolean closed, Map<Long, Head> heads) {
    ExportPosition with(ExportManifest next, String nextDigest) {
        Map<Long, Head> now = new TreeMap<>(heads);
        next.heads().forEach(head -> now.put(head.chainId(), head));
        return new ExportPosition(next.number(), nextDigest, next.closed(), now);
    }
}
