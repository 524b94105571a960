package txlookup.azure.destroy.plan;

/**
 * Whether a name can be used again after the destruction.
 *
 * @param blocked whether a rebuild under this name is known to fail
 * @param forecast when it is free, as far as that is known
 */
public record NameForecast(String name, boolean blocked, String forecast) {}
