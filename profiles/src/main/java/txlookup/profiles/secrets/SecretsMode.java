package txlookup.profiles.secrets;

public enum SecretsMode {
    /** Environment variables. */
    ENVIRONMENT,
    /** The environment's own Key Vault, read as its managed identity; {@code key-vault} in YAML. */
    KEY_VAULT
}
