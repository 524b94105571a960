package txlookup.azure.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import txlookup.profiles.secrets.Secret;

/** What Azure wants of the password of a PostgreSQL server's administrator; it refuses another one minutes into a deployment. */
public final class AdministratorPassword {
    private static final List<Pattern> CLASSES = List.of(
            Pattern.compile("[A-Z]"),
            Pattern.compile("[a-z]"),
            Pattern.compile("\\d"),
            Pattern.compile("[^A-Za-z0-9]"));
    private static final int WANTED_CLASSES = 3;
    private static final int SHORTEST = 8;
    private static final int LONGEST = 128;

    private AdministratorPassword() {}

    /** Why Azure would refuse it, never with a part of it; empty where it would not. */
    public static Optional<String> refusal(Secret password, String login) {
        String text = password.reveal();
        long classes = CLASSES.stream().filter(one -> one.matcher(text).find()).count();
        if (text.length() < SHORTEST || text.length() > LONGEST) {
            return Optional.of(
                    "it has %d characters; Azure wants %d to %d".formatted(text.length(), SHORTEST, LONGEST));
        }
        if (classes < WANTED_CLASSES) {
            return Optional.of(
                    "it has %d of the four kinds of characters (capitals, small letters, digits, others); Azure wants %d"
                            .formatted(classes, WANTED_CLASSES));
        }
        return text.toLowerCase(java.util.Locale.ROOT).contains(login.toLowerCase(java.util.Locale.ROOT))
                ? Optional.of("it contains the login's name " + login)
                : Optional.empty();
    }

    /** @throws IllegalArgumentException when Azure would refuse it */
    public static void require(String variable, Secret password, String login) {
        refusal(password, login).ifPresent(why -> {
            throw new IllegalArgumentException(
                    "%s cannot be the administrator's password: %s".formatted(variable, why));
        });
    }
}
