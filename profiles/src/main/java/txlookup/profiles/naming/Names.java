package txlookup.profiles.naming;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;

/**
 * Every name and tag that an environment's naming gives, checked against Azure's limits (docs/policy.md,
 * docs/azure-facts.md, B).
 */
public final class Names {

    static final Pattern TOKEN = Pattern.compile("[a-z0-9]+");
    private static final int LONGEST_GROUP = 256;
    private static final int LONGEST_TAG_VALUE = 256;
    private static final GenerationNumber LONGEST_GENERATION = GenerationNumber.parse("99991231235959");

    private final Naming naming;

    public Names(Naming naming) {
        this.naming = Objects.requireNonNull(naming, "naming");
    }

    /**
     * The final name of that resource.
     *
     * @throws ProfileException when Azure would not take it
     */
    public String of(ResourceKind kind) {
        List<ProfileProblem> problems = new ArrayList<>(tokenProblems());
        if (problems.isEmpty()) {
            nameProblem(kind).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new ProfileException("the name of " + kind, problems);
        }
        return name(kind);
    }

    /**
     * The Kafka consumer group of that generation, {@code bo-sync-<env>-<owner>-v<generation>}; at most 256 characters.
     */
    public String consumerGroup(GenerationNumber generation) {
        return "%s-v%s".formatted(canary(), generation);
    }

    /**
     * What the marker events of this environment's canaries hold, {@code bo-sync-<env>-<owner>}. It is that of all its
     * generations: what one generation's gate published is still in the log when the next one reads it.
     */
    public String canary() {
        return "bo-sync-%s-%s".formatted(naming.env(), naming.owner());
    }

    /** The tags of every resource, in this order: {@code env}, {@code owner}, {@code project}, and {@code ttl} if any. */
    public Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("env", naming.env());
        tags.put("owner", naming.owner());
        tags.put("project", naming.project());
        naming.ttl().ifPresent(ttl -> tags.put("ttl", ttl.toString()));
        return tags;
    }

    /** Host of the environment's own PostgreSQL server. */
    public String postgresHost() {
        return of(ResourceKind.POSTGRES) + ".postgres.database.azure.com";
    }

    /** Kafka endpoint of the environment's own Event Hubs namespace, {@code host:9093}. */
    public String eventHubsBootstrapServers() {
        return of(ResourceKind.EVENT_HUBS) + ".servicebus.windows.net:9093";
    }

    /**
     * Reads a final name back, whoever's it is, as long as team and project are this naming's.
     *
     * <p>A short name holds only the environment's short form, so it is read only where that is this naming's. A compact
     * name has no separators, so it is read only where it is this naming's own, letter by letter; even so another split
     * of the same letters is possible ({@code owner1} and {@code 0test}, {@code owner10} and {@code test}), which is why
     * a name alone never proves whose a resource is.
     *
     * @return empty when the name has another form or can be read in more than one way
     */
    public Optional<ParsedName> parse(String name) {
        return new NameReader(naming).parse(name);
    }

    /** Everything that is wrong with the names, all of them judged. */
    public List<ProfileProblem> problems() {
        List<ProfileProblem> problems = new ArrayList<>(tokenProblems());
        if (!problems.isEmpty()) {
            return problems;
        }
        for (ResourceKind kind : ResourceKind.values()) {
            nameProblem(kind).ifPresent(problems::add);
        }
        String group = consumerGroup(LONGEST_GENERATION);
        if (group.length() > LONGEST_GROUP) {
            problems.add(tooLong("consumer group", group, "at most %d characters".formatted(LONGEST_GROUP)));
        }
        tags().forEach((tag, value) -> {
            if (value.length() > LONGEST_TAG_VALUE) {
                problems.add(tooLong("tag " + tag, value, "at most %d characters".formatted(LONGEST_TAG_VALUE)));
            }
        });
        return problems;
    }

    private List<ProfileProblem> tokenProblems() {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("naming.team", naming.team());
        tokens.put("naming.project", naming.project());
        tokens.put("naming.short", naming.shortProject());
        tokens.put("naming.owner", naming.owner());
        tokens.put("naming.env", naming.env());
        tokens.put("naming.envShort", naming.envShort());
        List<ProfileProblem> problems = new ArrayList<>();
        tokens.forEach((field, token) -> {
            if (!TOKEN.matcher(token).matches()) {
                problems.add(new ProfileProblem(field, "\"" + token + "\"", "lowercase letters and digits", "names"));
            }
        });
        return problems;
    }

    private Optional<ProfileProblem> nameProblem(ResourceKind kind) {
        String name = name(kind);
        return kind.accepts(name) ? Optional.empty() : Optional.of(tooLong(kind.name(), name, kind.wanted()));
    }

    private static ProfileProblem tooLong(String what, String name, String wanted) {
        String seen = "%s name \"%s\" of %d characters".formatted(what, name, name.length());
        return new ProfileProblem("naming", seen, wanted, "made of naming.owner, naming.env and the other parts");
    }

    private String name(ResourceKind kind) {
        return kind.pattern().name(naming, kind.token());
    }
}
