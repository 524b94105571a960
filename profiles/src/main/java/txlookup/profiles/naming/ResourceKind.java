package txlookup.profiles.naming;

import java.util.regex.Pattern;

/**
 * The kinds of Azure resources that an environment has: the token in their names, the pattern, and the limits that bind.
 * Azure also takes capitals in some of these names; ours never have any, so the lower-case form of each rule is enough.
 */
public enum ResourceKind {
    /** The group that holds all the others; 1 to 90 characters. */
    RESOURCE_GROUP("rg", NamePattern.HYPHENED, 1, 90, Characters.HYPHENS),
    /** Log Analytics workspace; 4 to 63 characters. */
    LOG_ANALYTICS("law", NamePattern.HYPHENED, 4, 63, Characters.HYPHENS),
    /** Application Insights component; 1 to 255 characters. */
    APPLICATION_INSIGHTS("ai", NamePattern.HYPHENED, 1, 255, Characters.HYPHENS),
    /** PostgreSQL flexible server; 3 to 63 characters, unique in Azure. */
    POSTGRES("pg", NamePattern.HYPHENED, 3, 63, Characters.HYPHENS),
    /** Event Hubs namespace; 6 to 50 characters, unique in Azure. */
    EVENT_HUBS("eh", NamePattern.HYPHENED, 6, 50, Characters.HYPHENS_FROM_LETTER),
    /** User-assigned identity; 3 to 128 characters. */
    IDENTITY("id", NamePattern.HYPHENED, 3, 128, Characters.HYPHENS),
    /** Container registry, without a token of its own; 5 to 50 characters, unique in Azure. */
    REGISTRY("", NamePattern.COMPACT, 5, 50, Characters.ALPHANUMERIC),
    /** Key Vault; 3 to 24 characters, unique in Azure, which is why it takes the short pattern. */
    KEY_VAULT("kv", NamePattern.SHORT, 3, 24, Characters.HYPHENS_FROM_LETTER),
    /** Container Apps environment; Azure allows 60 characters, the policy 32. */
    CONTAINER_ENVIRONMENT("caenv", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER),
    /** Container app of the lookup API; 2 to 32 characters. */
    API_APP("api", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER),
    /** Container app of the consumer; 2 to 32 characters. */
    CONSUMER_APP("con", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER),
    /** Container job that migrates; 2 to 32 characters. */
    MIGRATE_JOB("mig", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER),
    /** Container job that backfills; 2 to 32 characters. */
    BACKFILL_JOB("bf", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER),
    /** Container job that runs commands within the environment; 2 to 32 characters. */
    WITHIN_JOB("in", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER),
    /** Container job that exports the audit; 2 to 32 characters. */
    EXPORT_JOB("exp", NamePattern.SHORT, 2, 32, Characters.HYPHENS_FROM_LETTER);

    private final String token;
    private final NamePattern pattern;
    private final int minLength;
    private final int maxLength;
    private final Characters characters;

    ResourceKind(String token, NamePattern pattern, int minLength, int maxLength, Characters characters) {
        this.token = token;
        this.pattern = pattern;
        this.minLength = minLength;
        this.maxLength = maxLength;
        this.characters = characters;
    }

    /** What stands for the kind in a name; empty for the registry. */
    public String token() {
        return token;
    }

    /** How the kind's names are put together. */
    public NamePattern pattern() {
        return pattern;
    }

    boolean accepts(String name) {
        return name.length() >= minLength
                && name.length() <= maxLength
                && characters.regex.matcher(name).matches();
    }

    String wanted() {
        return "%d to %d characters, %s".formatted(minLength, maxLength, characters.words);
    }

    private enum Characters {
        ALPHANUMERIC("[a-z0-9]+", "lowercase letters and digits"),
        HYPHENS("[a-z0-9]+(-[a-z0-9]+)*", "lowercase letters, digits and single inner hyphens"),
        HYPHENS_FROM_LETTER(
                "[a-z][a-z0-9]*(-[a-z0-9]+)*",
                "lowercase letters, digits and single inner hyphens, beginning with a letter");

        private final Pattern regex;
        private final String words;

        Characters(String regex, String words) {
            this.regex = Pattern.compile(regex);
            this.words = words;
        }
    }
}
