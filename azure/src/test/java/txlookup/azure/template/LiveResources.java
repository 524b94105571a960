package txlookup.azure.template;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What only the resource manager knows while it deploys. */
public interface LiveResources {
    /** The properties of a resource that is there. */
    JsonNode reference(String id);

    /** What asking that resource for its keys answers. */
    JsonNode listKeys(String id);

    /** For who wants names and tags before anything is there: every unknown is a text that says so. */
    static LiveResources unknown() {
        return new LiveResources() {
            @Override
            public JsonNode reference(String id) {
                return new UnknownNode("reference", id).node();
            }

            @Override
            public JsonNode listKeys(String id) {
                return new UnknownNode("listKeys", id).node();
            }
        };
    }

    /** The properties of ours that templates read of a resource that is not there. */
    record UnknownNode(String function, String id) {
        private static final List<String> READ = List.of(
                "principalId",
                "clientId",
                "defaultDomain",
                "staticIp",
                "customerId",
                "primarySharedKey",
                "primaryConnectionString",
                "ConnectionString");

        JsonNode node() {
            var node = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
            READ.forEach(name -> node.put(name, "%s(%s).%s".formatted(function, id, name)));
            return node;
        }
    }
}
