package txlookup.profiles;

import txlookup.profiles.digest.Sha256;

/**
 * A profile with every value written out, after variables, flags and defaults: another process that reads this text runs
 * as this one was told to.
 *
 * @param profile what it says
 * @param text the file, in JSON, which is YAML
 */
public record ResolvedProfile(Profile profile, String text) {
    /** Names the variable by which a process is told the digest of the file that it has to read. */
    public static final String DIGEST = "PROFILE_SHA256";

    /** SHA-256 of the text. */
    public String digest() {
        return digest(text);
    }

    /** SHA-256 of a profile's text, in hexadecimal digits. */
    public static String digest(String text) {
        return Sha256.hex(text);
    }
}
