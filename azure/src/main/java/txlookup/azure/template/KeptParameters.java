package txlookup.azure.template;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import txlookup.profiles.Profile;
import txlookup.profiles.naming.Naming;

/**
 * The names, tags and parameters of {@link TemplateLayer#KEPT}. Nothing of it is ever due: it has no ttl, its stage is
 * none that is destroyed, and its group's name is none of an environment.
 */
public final class KeptParameters {
    /** What its resources say of their stage. */
    public static final String STAGE = "kept";

    /** Stands for the identity of what works within an environment. */
    static final String IDENTITY = "idin";

    private static final String GROUP = "rgkept";

    private final Profile profile;
    private final Naming naming;
    private final Inputs inputs;

    public KeptParameters(Profile profile, Inputs inputs) {
        this.profile = profile;
        this.naming = profile.naming();
        this.inputs = inputs;
    }

    /** Its resource group, beside the environment's. */
    public String group() {
        return group(naming);
    }

    /** The same of any environment. */
    public static String group(Naming naming) {
        return hyphened(naming, GROUP);
    }

    /** Its storage account. Azure takes 24 characters, as of the vault's name, which is longer and was checked. */
    public String account() {
        return account(naming);
    }

    /** The same of any environment. */
    public static String account(Naming naming) {
        return String.join("", naming.team(), naming.shortProject(), "st", naming.owner(), naming.envShort());
    }

    /** The tags of all that is kept. */
    public ObjectNode tags() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("env", naming.env())
                .put("owner", naming.owner())
                .put("project", naming.project())
                .put("stage", STAGE);
    }

    /** @param principal of its identity; empty before it is there */
    public Map<String, JsonNode> of(String principal) {
        ArrayNode addresses = JsonNodeFactory.instance.arrayNode();
        if (!inputs.operatorAddress().isEmpty()) {
            addresses.addObject().put("value", inputs.operatorAddress()).put("action", "Allow");
        }
        return new TemplateParameters()
                .common(profile.region().orElseThrow(), tags())
                .text("accountName", account())
                .text("identityName", hyphened(naming, IDENTITY))
                .text("withinPrincipalId", principal)
                .flag("privateNetwork", inputs.network().isPresent())
                .text(
                        "containerSubnet",
                        inputs.network().map(PrivateNetwork::containerSubnet).orElse(""))
                .put("allowedAddresses", addresses)
                .all();
    }

    private static String hyphened(Naming naming, String token) {
        return String.join("-", naming.team(), naming.project(), token, naming.owner(), naming.env());
    }
}
