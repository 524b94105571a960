package txlookup.azure.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Azure says of something that passes by itself (docs/azure-facts.md, B). A provider's own error is nested in the
 * deployment's, as an object or as JSON in the text of its message.
 */
public final class PassingErrors {
    private static final Set<String> CODES = Set.of(
            "AnotherOperationInProgress",
            "RetryableErrorDueToAnotherOperation",
            "ManagedEnvironmentOperationInProgress",
            "ResourceGroupBeingDeleted",
            "DeploymentActive",
            "DeploymentActiveAndUneditable",
            "PrincipalNotFound",
            "InternalServerError",
            "ServerIsBusy",
            "ServerBusy",
            "ContainerAppLockConflict",
            "AadAuthOperationCannotBePerformedWhenServerIsNotAccessible");

    /** Codes such as BadRequest mean anything; these words mean what passes. */
    private static final List<String> WORDS = List.of(
            // A deleted namespace's name is held for a while.
            "specified name is not available",
            // A role that was just assigned takes minutes to hold.
            "using managed identity",
            "unauthorized: authentication required",
            // Two edits of one vault; the same code says that a deleted vault holds the name, which does not pass.
            "changed from the point the operation began",
            // Two edits of one app (microsoft/azure-container-apps#1731).
            "active provisioning operation");

    private PassingErrors() {}

    /** Whether it, or anything nested in it, passes. */
    public static boolean passes(JsonNode error) {
        return flat(error).stream().anyMatch(PassingErrors::itselfPasses);
    }

    private static boolean itselfPasses(JsonNode error) {
        String message = error.path("message").asString("").toLowerCase(java.util.Locale.ROOT);
        return CODES.contains(error.path("code").asString("")) || WORDS.stream().anyMatch(message::contains);
    }

    /** All of it in Azure's words, the innermost last. */
    public static String explain(JsonNode error) {
        String all = flat(error).stream()
                .map(one -> one.path("code").asString("") + ": "
                        + plain(one.path("message").asString("")))
                .filter(text -> !text.equals(": "))
                .distinct()
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? "without a reason" : all;
    }

    private static List<JsonNode> flat(JsonNode error) {
        List<JsonNode> all = new ArrayList<>();
        if (error.isObject()) {
            all.add(error);
            error.path("details").forEach(detail -> all.addAll(flat(detail)));
            all.addAll(flat(error.path("innererror")));
            all.addAll(flat(error.path("error")));
            all.addAll(flat(inText(error.path("message").asString(""))));
        }
        return all;
    }

    private static String plain(String message) {
        return inText(message).isObject() ? "see below" : message;
    }

    /** The JSON that a message is; a missing node where it is none. */
    private static JsonNode inText(String message) {
        String text = message.strip();
        if (text.startsWith("{")) {
            try {
                return JsonMapper.shared().readTree(text);
            } catch (JacksonException prose) {
                return JsonMapper.shared().missingNode();
            }
        }
        return JsonMapper.shared().missingNode();
    }
}
