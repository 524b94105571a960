package txlookup.azure.revision;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A revision as Azure tells it.
 *
 * @param fqdn where this one answers, whatever traffic it has
 * @param image of its first container
 * @param mounted the secrets that it reads as files
 * @param state how it runs, in Azure's words
 */
public record Revision(String name, boolean active, String fqdn, String image, List<String> mounted, String state) {
    public Revision {
        mounted = List.copyOf(mounted);
    }

    static Revision of(JsonNode told) {
        JsonNode properties = told.path("properties");
        return new Revision(
                told.path("name").asString(""),
                properties.path("active").asBoolean(false),
                properties.path("fqdn").asString(""),
                properties
                        .path("template")
                        .path("containers")
                        .path(0)
                        .path("image")
                        .asString(""),
                properties
                        .path("template")
                        .path("volumes")
                        .valueStream()
                        .flatMap(volume -> volume.path("secrets").valueStream())
                        .map(file -> file.path("secretRef").asString(""))
                        .toList(),
                "%s, %s, %s"
                        .formatted(
                                properties.path("provisioningState").asString("?"),
                                properties.path("runningState").asString("?"),
                                properties.path("healthState").asString("?")));
    }
}
