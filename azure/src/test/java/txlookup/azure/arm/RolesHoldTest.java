package txlookup.azure.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** A role that was just assigned is waited for; anything else is not. */
class RolesHoldTest {
    private final Sleeper waiting = new Sleeper() {
        private Instant now = Instant.parse("2026-11-21T09:00:00Z");

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void pause(Duration duration) {
            now = now.plus(duration);
        }
    };

    @Test
    void itIsAskedUntilTheRoleHolds() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        new RolesHold(waiting).await("Owner", () -> {
            if (asked.incrementAndGet() < 10) {
                throw asked.get() % 2 == 0
                        ? new SaslAuthenticationException("no")
                        : new TopicAuthorizationException("no");
            }
        });
        assertThat(asked).hasValue(10);
    }

    @Test
    void aRoleThatNeverHoldsIsNamed() {
        assertThatThrownBy(() -> new RolesHold(waiting).await("Azure Event Hubs Data Owner", () -> {
                    throw new SaslAuthenticationException("not this one");
                }))
                .hasMessageContaining("PT15M")
                .hasMessageContaining("Azure Event Hubs Data Owner")
                .hasMessageContaining("not this one");
    }

    @Test
    void anotherFailureIsNotWaitedFor() {
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> new RolesHold(waiting).await("Owner", () -> {
                    asked.incrementAndGet();
                    throw new TimeoutException("away");
                }))
                .isInstanceOf(TimeoutException.class);
        assertThat(asked).hasValue(1);
    }
}
