package txlookup.profiles.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import txlookup.profiles.schema.ProfileException;
import txlookup.profiles.schema.ProfileProblem;

class SecretTest {

    private static final SecretSource SOURCE =
            SecretSource.environment(Map.of("ONE", "hunter2", "TWO", "other", "BLANK", " "));

    @Test
    void secretShowsItselfToNobodyButWhoAsks() {
        Secret secret = new Secret("hunter2");

        assertThat(secret.reveal()).isEqualTo("hunter2");
        assertThat(secret).hasToString("********");
        assertThat("%s %s".formatted(secret, List.of(secret))).doesNotContain("hunter2");
        assertThat(JsonMapper.shared().writeValueAsString(Map.of("s", secret))).isEqualTo("{\"s\":\"********\"}");
        assertThat(new YAMLMapper().writeValueAsString(secret)).doesNotContain("hunter2");
        assertThat(secret).isNotInstanceOf(Serializable.class);
    }

    @Test
    void secretsAreEqualByValue() {
        assertThat(new Secret("a")).isEqualTo(new Secret("a")).hasSameHashCodeAs(new Secret("a"));
        assertThat(new Secret("a")).isNotEqualTo(new Secret("b"));
        assertThatThrownBy(() -> new Secret(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requiredSecretsAreGivenInOrder() {
        assertThat(SOURCE.require(List.of("TWO", "ONE")))
                .containsExactly(Map.entry("TWO", new Secret("other")), Map.entry("ONE", new Secret("hunter2")));
    }

    @Test
    void missingSecretsAreAllReportedAtOnceByName() {
        ProfileException refused =
                catchThrowableOfType(ProfileException.class, () -> SOURCE.require(List.of("ONE", "MISSING", "BLANK")));

        assertThat(refused.problems()).extracting(ProfileProblem::field).containsExactly("MISSING", "BLANK");
        assertThat(refused).hasMessageContaining("the environment").hasMessageNotContaining("hunter2");
    }
}
