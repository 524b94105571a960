package txlookup.azure.template;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import txlookup.profiles.Profile;
import txlookup.profiles.ProfileLoader;
import txlookup.profiles.ResolvedProfile;
import txlookup.profiles.secrets.Secret;

/** Both stages' environments of one owner, for tests. */
public final class Environments {
    private static final String NETWORK = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/";
    public static final String IMAGE = "registry.example/team4/txlookup@sha256:" + "ab".repeat(32);

    private static final Map<Profile, String> TEXTS = new ConcurrentHashMap<>();

    private Environments() {}

    public static Profile profile(String stage, String owner, String env, String... settings) {
        Map<String, String> flags = new LinkedHashMap<>(Map.of("owner", owner, "env", env));
        if (stage.equals("cloud-test")) {
            flags.put("naming.ttl", "2026-12-31");
        }
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            flags.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        ResolvedProfile resolved = new ProfileLoader(Path.of(""), Map.of()).resolve(stage, flags);
        TEXTS.put(resolved.profile(), resolved.text());
        return resolved.profile();
    }

    public static Inputs inputs(Profile profile) {
        boolean secure = profile.stage() == txlookup.profiles.Stage.CLOUD_SECURE;
        return new Inputs(
                IMAGE,
                TEXTS.get(profile),
                secure ? Optional.of(network(profile)) : Optional.empty(),
                secure ? "" : "203.0.113.7",
                secure ? "00000000-0000-0000-0000-00000000feed" : "",
                List.of("kim@example.com"),
                Optional.empty(),
                false);
    }

    private static PrivateNetwork network(Profile profile) {
        return network((profile.database().isSpread() ? "privatelink" : "x") + ".postgres.database.azure.com");
    }

    static PrivateNetwork network(String postgresDnsZone) {
        return new PrivateNetwork(
                NETWORK + "virtualNetworks/v/subnets/apps",
                NETWORK + "virtualNetworks/v/subnets/pg",
                NETWORK + "virtualNetworks/v/subnets/pe",
                NETWORK + "privateDnsZones/" + postgresDnsZone,
                NETWORK + "privateDnsZones/privatelink.vaultcore.azure.net",
                NETWORK + "privateDnsZones/privatelink.azurecr.io",
                NETWORK + "privateDnsZones/privatelink.servicebus.windows.net");
    }

    public static Map<String, Secret> secrets(Profile profile) {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        new ContainerSecrets(profile).required().forEach(name -> secrets.put(name, new Secret("value of " + name)));
        secrets.put(new ContainerSecrets(profile).broker(), new Secret("value of the connection string"));
        return secrets;
    }
}
