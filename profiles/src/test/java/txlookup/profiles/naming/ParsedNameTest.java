package txlookup.profiles.naming;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedNameTest {

    private static final Names OWNER1 = new Names(naming("owner1", "test", "t"));

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void ownNameIsReadBackAndALongerOwnersNameIsNeverOurs(ResourceKind kind) {
        Names owner10 = new Names(naming("owner10", "test", "t"));

        assertThat(OWNER1.parse(OWNER1.of(kind))).contains(new ParsedName(kind, "owner1", "test"));
        assertThat(OWNER1.parse(kind.pattern().name(naming("owner10", "test", "t"), kind.token())))
                .isNotEqualTo(OWNER1.parse(OWNER1.of(kind)));
        assertThat(owner10.parse(OWNER1.of(kind)).map(ParsedName::owner)).isNotEqualTo(Optional.of("owner10"));
    }

    @Test
    void longNameOfAnotherOwnerAndEnvironmentIsReadAsTheirs() {
        assertThat(OWNER1.parse("team4-txlookup-pg-lee-prod"))
                .contains(new ParsedName(ResourceKind.POSTGRES, "lee", "prod"));
    }

    @Test
    void shortNameOfAnotherOwnerIsReadAsTheirs() {
        assertThat(OWNER1.parse("team4-tx-api-lee-t")).contains(new ParsedName(ResourceKind.API_APP, "lee", "test"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "team4-txlookup-pg-owner1",
                "team4-txlookup-pg-owner1-test-2",
                "team4-txlookup-xx-owner1-test",
                "team4-txlookup--owner1-test",
                "team4-txlookup-pg--test",
                "team4-txlookup-pg-Owner1-test",
                "team5-txlookup-pg-owner1-test",
                "team4-other-pg-owner1-test",
                "team4-tx-pg-owner1-test",
                "team4-txlookup-kv-owner1-t",
                "team4-tx-api-owner1-p",
                "team4txlookupowner10test",
                "team4txlookupowner1tes",
                "xteam4txlookupowner1test",
                "databricks-rg-team4-txlookup"
            })
    void nameThatIsOfAnotherFormOrCanBeReadInTwoWaysIsNotRead(String name) {
        assertThat(OWNER1.parse(name)).isEmpty();
    }

    @Test
    void tokensOfAllKindsDiffer() {
        assertThat(ResourceKind.values()).extracting(ResourceKind::token).doesNotHaveDuplicates();
    }

    private static Naming naming(String owner, String env, String envShort) {
        return new Naming("team4", "txlookup", "tx", owner, env, envShort, Optional.empty());
    }
}
