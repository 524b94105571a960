package txlookup.profiles.secrets;

import java.util.Map;
import java.util.Optional;

final class EnvironmentSecrets implements SecretSource {

    private final Map<String, String> environment;

    EnvironmentSecrets(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Optional<Secret> find(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Secret::new);
    }

    @Override
    public String describe() {
        return "the environment";
    }
}
