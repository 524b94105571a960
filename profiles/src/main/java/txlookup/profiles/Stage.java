package txlookup.profiles;

import java.util.Locale;

/** What an environment is for (docs/policy.md, "Stages"). */
public enum Stage {
    /** This machine; {@code local} in YAML. */
    LOCAL,
    /** Disposable, destroyed and made again at will; {@code cloud-test} in YAML. */
    CLOUD_TEST,
    /** Secured operation on resources of its own; {@code cloud-secure} in YAML. */
    CLOUD_SECURE;

    /** Whether its resources are Azure's. */
    public boolean isCloud() {
        return this != LOCAL;
    }

    /** The name as YAML has it, such as {@code cloud-test}. */
    public String yamlName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
