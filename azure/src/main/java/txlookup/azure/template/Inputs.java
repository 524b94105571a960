package txlookup.azure.template;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an environment is made with beside its profile.
 *
 * @param image where the image comes from, {@code registry/repository@sha256:...}; copied into the environment's registry
 * @param profile the text of the profile as it was resolved; the containers read that file and no other
 * @param network for cloud-secure, and only for it
 * @param operatorAddress the one address from which the database is reached; empty for none
 * @param producers object id of the group or application whose members publish to cloud-secure; empty for none
 * @param emails who is told of alerts
 * @param registry for an image in a private registry; empty where the deployer's own login reads it
 * @param fromWithin whether a job within the environment makes and judges it, so that nothing else has to reach it
 */
public record Inputs(
        String image,
        String profile,
        Optional<PrivateNetwork> network,
        String operatorAddress,
        String producers,
        List<String> emails,
        Optional<RegistryLogin> registry,
        boolean fromWithin) {
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9.-]+(:\\d+)?(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}");
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,3}(\\.\\d{1,3}){3})?");

    /**
     * Checks what can be checked here.
     *
     * @throws IllegalArgumentException when the image has no digest, or the address is none; nothing was asked of Azure
     */
    public Inputs {
        if (!IMAGE.matcher(image).matches()) {
            throw new IllegalArgumentException(
                    "the image is \"%s\"; give it by digest, REGISTRY/REPOSITORY@sha256:..., so that what passed is what runs"
                            .formatted(image));
        }
        if (!ADDRESS.matcher(operatorAddress).matches()) {
            throw new IllegalArgumentException(
                    "the operator's address is \"%s\"; it has to be one IPv4 address".formatted(operatorAddress));
        }
        emails = List.copyOf(emails);
    }

    /** The registry that it comes from. */
    public String sourceRegistry() {
        return image.substring(0, image.indexOf('/'));
    }

    /** Repository and digest within that registry. */
    public String sourceImage() {
        return image.substring(image.indexOf('/') + 1);
    }

    /** The digest, {@code sha256:...}. */
    public String digest() {
        return image.substring(image.indexOf('@') + 1);
    }
}
