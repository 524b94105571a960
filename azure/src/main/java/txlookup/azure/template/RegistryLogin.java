package txlookup.azure.template;

import txlookup.profiles.secrets.Secret;

/**
 * Who reads the image in the registry that it is copied from.
 *
 * @param user a user's name or a token's
 */
public record RegistryLogin(String user, Secret password) {}
