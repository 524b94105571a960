package txlookup.azure.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The templates, by how long what they make lives; deployed in this order. */
public enum TemplateLayer {
    /** The network of secured environments; in a group of its own, by its owner, and it outlives them. */
    VIRTUAL_NETWORK,
    /** Evidence, audit and extracts, in a group of its own that outlives the environment. */
    KEPT,
    /** Logs, identity, vault, registry, container environment. */
    BASE,
    /** Names of a private container environment, whose domain only the base knows. */
    DNS,
    /** Event Hubs and PostgreSQL. */
    DATA,
    /** Private endpoints; only where the network is private. */
    NETWORK,
    /** What the containers' identity may do, and the secrets. */
    ACCESS,
    /** Jobs and apps, one part a deployment. */
    APPS,
    /** Alerts. */
    MONITORING;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Its file's name. */
    public String file() {
        return name().toLowerCase(Locale.ROOT) + ".json";
    }

    /** The template as it is deployed. */
    public ObjectNode template() {
        try (InputStream file = TemplateLayer.class.getResourceAsStream("/txlookup/azure/templates/" + file())) {
            if (file == null) {
                throw new IllegalStateException(
                        "the program contains no template %s; build it again".formatted(file()));
            }
            return (ObjectNode) JSON.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the template %s cannot be read".formatted(file()), e);
        }
    }
}
