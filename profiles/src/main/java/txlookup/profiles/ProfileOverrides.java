package txlookup.profiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import txlookup.profiles.schema.ClosestName;
import txlookup.profiles.schema.ProfileProblem;

/** Reads what overrides the file: first environment variables, then flags, which win. */
final class ProfileOverrides {

    private final ProfileProperties properties;
    private final List<ProfileProblem> problems;

    /** @param problems takes what names no property or contradicts itself */
    ProfileOverrides(ProfileProperties properties, List<ProfileProblem> problems) {
        this.properties = properties;
        this.problems = problems;
    }

    /** The overrides among the environment's variables. */
    List<ProfileOverride> fromEnvironment(Map<String, String> environment) {
        List<ProfileOverride> overrides = new ArrayList<>();
        new TreeMap<>(environment).forEach((name, value) -> propertyOf(name)
                .ifPresent(property ->
                        add(overrides, new ProfileOverride(property, value, "environment variable " + name))));
        return overrides;
    }

    /**
     * Refuses every variable with our prefix that is neither a property, nor for starting the program, nor a secret.
     *
     * @param secretNames the variables that the profile names as secrets
     */
    void refuseUnknownVariables(Map<String, String> environment, Set<String> secretNames) {
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(EnvironmentNames.PREFIX)
                    && propertyOf(name).isEmpty()
                    && !EnvironmentNames.OF_THE_PROCESS.contains(name)
                    && !secretNames.contains(name)) {
                problems.add(new ProfileProblem(
                        name,
                        "a variable that stands for no property",
                        "the name of a property" + closest(name, environmentNames()),
                        "environment variable " + name));
            }
        }
    }

    /** The overrides among the flags: property path, or {@code owner} or {@code env}, to value. */
    List<ProfileOverride> fromFlags(Map<String, String> flags) {
        List<ProfileOverride> overrides = new ArrayList<>();
        new TreeMap<>(flags).forEach((path, value) -> {
            boolean shortForm = path.equals("owner") || path.equals("env");
            String origin = shortForm ? "flag --" + path : "flag --set " + path;
            Optional<ProfileProperty> property = properties.byPath(shortForm ? "naming." + path : path);
            if (property.isPresent()) {
                add(overrides, new ProfileOverride(property.get(), value, origin));
            } else {
                problems.add(new ProfileProblem(
                        path, "a name that is no property", "the path of a property" + closest(path, paths()), origin));
            }
        });
        return overrides;
    }

    private void add(List<ProfileOverride> overrides, ProfileOverride added) {
        for (ProfileOverride other : overrides) {
            if (other.property().equals(added.property()) && !other.text().equals(added.text())) {
                problems.add(new ProfileProblem(
                        added.property().path(),
                        "two different values",
                        "one of the two only",
                        other.origin() + " and " + added.origin()));
            }
        }
        overrides.add(added);
    }

    private Optional<ProfileProperty> propertyOf(String variable) {
        String path = EnvironmentNames.SHORT_FORMS.get(variable);
        return path == null ? properties.byEnvironmentName(variable) : properties.byPath(path);
    }

    private List<String> environmentNames() {
        return properties.all().stream().map(ProfileProperty::environmentName).toList();
    }

    private List<String> paths() {
        return properties.all().stream().map(ProfileProperty::path).toList();
    }

    private static String closest(String name, List<String> candidates) {
        return ClosestName.among(candidates, name)
                .map(found -> ", perhaps " + found)
                .orElse("");
    }
}
