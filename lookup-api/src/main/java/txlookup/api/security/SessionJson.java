package txlookup.api.security;

import java.net.URL;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.security.jackson.SecurityJacksonModules;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * What sessions hold, as JSON of known types: what is read back can make no other object, and another build of this program
 * reads it or starts without it.
 */
final class SessionJson {
    private static final Logger LOG = LoggerFactory.getLogger(SessionJson.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModules(SecurityJacksonModules.getModules(
                    SessionJson.class.getClassLoader(),
                    BasicPolymorphicTypeValidator.builder().allowIfSubType(URL.class))) // an ID token's issuer
            .build();

    private SessionJson() {}

    static GenericConversionService conversion() {
        GenericConversionService conversion = new GenericConversionService();
        conversion.addConverter(Object.class, byte[].class, SessionJson::write);
        conversion.addConverter(byte[].class, Object.class, SessionJson::read);
        return conversion;
    }

    private static byte[] write(Object value) {
        return JSON.writerFor(Object.class).writeValueAsBytes(value);
    }

    private static @Nullable Object read(byte[] stored) {
        try {
            return JSON.readValue(stored, Object.class);
        } catch (JacksonException e) {
            LOG.info("A session's attribute cannot be read and is left out: {}", e.getOriginalMessage());
            return null;
        }
    }
}
