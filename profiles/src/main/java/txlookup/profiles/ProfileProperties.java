package txlookup.profiles;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import txlookup.profiles.schema.PropertySchema;
import txlookup.profiles.schema.SchemaDocument;

/** Every property of a profile, as the schema lists them. */
final class ProfileProperties {

    private final Map<String, ProfileProperty> byPath = new LinkedHashMap<>();
    private final Map<String, ProfileProperty> byEnvironmentName = new LinkedHashMap<>();

    ProfileProperties(SchemaDocument schema) {
        collect(schema, List.of());
    }

    Collection<ProfileProperty> all() {
        return byPath.values();
    }

    Optional<ProfileProperty> byPath(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    Optional<ProfileProperty> byEnvironmentName(String name) {
        return Optional.ofNullable(byEnvironmentName.get(name));
    }

    /** The property at that path, which the caller knows to exist. */
    ProfileProperty known(String path) {
        return byPath(path).orElseThrow(() -> new IllegalStateException("the profile schema has no property " + path));
    }

    private void collect(SchemaDocument schema, List<String> section) {
        PropertySchema here =
                section.isEmpty() ? schema.root() : schema.at(section).orElseThrow();
        for (String name : here.node().path("properties").propertyNames()) {
            List<String> segments = new ArrayList<>(section);
            segments.add(name);
            PropertySchema property = schema.at(segments).orElseThrow();
            if (property.isSection()) {
                collect(schema, segments);
            } else {
                add(new ProfileProperty(List.copyOf(segments), property));
            }
        }
    }

    private void add(ProfileProperty property) {
        byPath.put(property.path(), property);
        ProfileProperty twin = byEnvironmentName.put(property.environmentName(), property);
        if (twin != null) {
            throw new IllegalStateException("%s and %s share the variable %s"
                    .formatted(twin.path(), property.path(), property.environmentName()));
        }
    }
}
