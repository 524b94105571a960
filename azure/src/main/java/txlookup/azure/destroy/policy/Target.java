package txlookup.azure.destroy.policy;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import txlookup.azure.inventory.AzureKind;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.Naming;

/**
 * Exactly which environment is meant. Whoever holds one has had it checked: nothing in it is empty or blank.
 *
 * @param subscription the subscription's id
 * @param stage the stage as YAML spells it; only {@code cloud-test} is disposable
 */
public record Target(
        String subscription,
        String stage,
        String team,
        String project,
        String shortProject,
        String owner,
        String env,
        String envShort) {
    /** The only stage that is ever destroyed. */
    public static final String DISPOSABLE_STAGE = "cloud-test";

    private static final Pattern SUBSCRIPTION = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern PART = Pattern.compile("[a-z0-9]+");

    /**
     * Checks every part.
     *
     * @throws IllegalArgumentException when one is missing, blank or not of its form; nothing was asked of Azure then
     */
    public Target {
        if (subscription == null || !SUBSCRIPTION.matcher(subscription).matches()) {
            throw new IllegalArgumentException(
                    "the subscription is \"%s\"; it has to be its id, such as 00000000-0000-0000-0000-000000000000; give it with --subscription or AZURE_SUBSCRIPTION_ID"
                            .formatted(subscription == null ? "" : subscription));
        }
        if (stage == null || !(stage.equals(DISPOSABLE_STAGE) || stage.equals("cloud-secure"))) {
            throw new IllegalArgumentException(
                    "the profile's stage is \"%s\"; only cloud-test and cloud-secure are in Azure; give --profile cloud-test"
                            .formatted(stage == null ? "" : stage));
        }
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("team", team);
        parts.put("project", project);
        parts.put("short", shortProject);
        parts.put("owner", owner);
        parts.put("env", env);
        parts.put("envShort", envShort);
        parts.forEach((part, value) -> {
            if (value == null || !PART.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "the %s is \"%s\"; it has to be lowercase letters and digits, at least one; nothing was asked of Azure"
                                .formatted(part, value == null ? "" : value));
            }
        });
        for (AzureKind kind : AzureKind.values()) {
            kind.name(new Naming(team, project, shortProject, owner, env, envShort, Optional.empty()));
        }
    }

    /** The environment of that profile in that subscription. */
    public static Target of(String subscription, Profile profile) {
        Naming naming = profile.naming();
        return new Target(
                subscription,
                profile.stage().yamlName(),
                naming.team(),
                naming.project(),
                naming.shortProject(),
                naming.owner(),
                naming.env(),
                naming.envShort());
    }

    /** What its names are made of. */
    public Naming naming() {
        return new Naming(team, project, shortProject, owner, env, envShort, Optional.<LocalDate>empty());
    }

    boolean isDisposable() {
        return stage.equals(DISPOSABLE_STAGE);
    }
}
