package txlookup.profiles.naming;

import java.util.List;

/** How a final name is put together (docs/policy.md, "Names and tags"). */
public enum NamePattern {
    /** {@code team4-txlookup-<resource>-<owner>-<env>}. */
    HYPHENED {
        @Override
        String name(Naming naming, String token) {
            return String.join("-", naming.team(), naming.project(), token, naming.owner(), naming.env());
        }
    },
    /** {@code team4txlookup<resource><owner><env>}, where hyphens are not allowed. */
    COMPACT {
        @Override
        String name(Naming naming, String token) {
            return String.join("", List.of(naming.team(), naming.project(), token, naming.owner(), naming.env()));
        }
    },
    /** {@code team4-tx-<resource>-<owner>-<env_short>}, at most 32 characters. */
    SHORT {
        @Override
        String name(Naming naming, String token) {
            return String.join("-", naming.team(), naming.shortProject(), token, naming.owner(), naming.envShort());
        }
    };

    abstract String name(Naming naming, String token);
}
