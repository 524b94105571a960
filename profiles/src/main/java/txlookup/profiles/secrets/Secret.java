package txlookup.profiles.secrets;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/** A secret's value. It shows itself only to who asks for it by {@link #reveal()}; logs and JSON get a mask. */
public final class Secret {

    private static final String MASK = "********";

    private final String value;

    /**
     * Wraps a secret's value.
     *
     * @throws IllegalArgumentException when it is blank, since an empty secret protects nothing
     */
    public Secret(String value) {
        if (Objects.requireNonNull(value, "value").isBlank()) {
            throw new IllegalArgumentException("a secret must not be blank");
        }
        this.value = value;
    }

    /** The value itself; hand it on, never into a message. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        // In constant time, so that comparing tells nothing about the value.
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Always the same mask, whatever the value. */
    @JsonValue
    @Override
    public String toString() {
        return MASK;
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
