package txlookup.profiles.naming;

import java.util.Optional;

/** Reads a final name back; {@link Names#parse} says by which rules. */
final class NameReader {

    private static final int PARTS = 5;

    private final Naming naming;

    NameReader(Naming naming) {
        this.naming = naming;
    }

    Optional<ParsedName> parse(String name) {
        ResourceKind compact = ResourceKind.REGISTRY;
        if (name.equals(compact.pattern().name(naming, compact.token()))) {
            return Optional.of(new ParsedName(compact, naming.owner(), naming.env()));
        }
        String[] parts = name.split("-", -1);
        if (parts.length != PARTS || !parts[0].equals(naming.team())) {
            return Optional.empty();
        }
        for (String part : parts) {
            if (!Names.TOKEN.matcher(part).matches()) {
                return Optional.empty();
            }
        }
        for (ResourceKind kind : ResourceKind.values()) {
            if (kind.token().equals(parts[2])) {
                return parse(kind, parts[1], parts[3], parts[4]);
            }
        }
        return Optional.empty();
    }

    private Optional<ParsedName> parse(ResourceKind kind, String project, String owner, String env) {
        return switch (kind.pattern()) {
            case HYPHENED ->
                project.equals(naming.project()) ? Optional.of(new ParsedName(kind, owner, env)) : Optional.empty();
            case SHORT ->
                project.equals(naming.shortProject()) && env.equals(naming.envShort())
                        ? Optional.of(new ParsedName(kind, owner, naming.env()))
                        : Optional.empty();
            case COMPACT -> Optional.empty();
        };
    }
}
