package txlookup.api.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns a cursor into the opaque text of {@code next_cursor} and back. The signature covers the list and its
 * filters as well (the scope), so that a cursor is of use only for the list it came from.
 */
public final class CursorSigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 32;
    private static final int TIME_BYTES = Long.BYTES;

    private final List<SecretKeySpec> keys;

    /** @param secrets the first one signs; the others are accepted as well, so that a key can be replaced */
    public CursorSigner(List<byte[]> secrets) {
        keys = secrets.stream()
                .map(secret -> new SecretKeySpec(secret, ALGORITHM))
                .toList();
    }

    /** Signature, event time in microseconds since 1970, {@code tx_id}; as base64url. */
    public String sign(Cursor cursor, List<String> scope) {
        byte[] position = position(cursor);
        byte[] signature = signature(keys.get(0), position, scope);
        byte[] all = ByteBuffer.allocate(SIGNATURE_BYTES + position.length)
                .put(signature)
                .put(position)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** Empty for what this signer has not signed for this scope. */
    public Optional<Cursor> verify(String text, List<String> scope) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not base64url
        }
        if (all.length < SIGNATURE_BYTES + TIME_BYTES) {
            return Optional.empty();
        }
        byte[] position = Arrays.copyOfRange(all, SIGNATURE_BYTES, all.length);
        byte[] claimed = Arrays.copyOf(all, SIGNATURE_BYTES);
        // In constant time, so that answering tells nothing about the right signature.
        if (keys.stream().noneMatch(key -> MessageDigest.isEqual(signature(key, position, scope), claimed))) {
            return Optional.empty();
        }
        Instant eventTime = Instant.EPOCH.plus(ByteBuffer.wrap(position).getLong(), ChronoUnit.MICROS);
        return Optional.of(
                new Cursor(eventTime, new String(position, TIME_BYTES, position.length - TIME_BYTES, UTF_8)));
    }

    private static byte[] position(Cursor cursor) {
        byte[] txId = cursor.txId().getBytes(UTF_8);
        return ByteBuffer.allocate(TIME_BYTES + txId.length)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, cursor.eventTime()))
                .put(txId)
                .array();
    }

    private static byte[] signature(SecretKeySpec key, byte[] position, List<String> scope) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            // Each part with its length, so that no two different inputs become the same bytes.
            add(mac, position);
            scope.forEach(part -> add(mac, part.getBytes(UTF_8)));
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static void add(Mac mac, byte[] part) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        mac.update(part);
    }
}
