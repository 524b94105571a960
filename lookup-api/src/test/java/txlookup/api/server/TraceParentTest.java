package txlookup.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-" + TRACE_ID + "-00f067aa0ba902b7-01",
                "00-" + TRACE_ID + "-00f067aa0ba902b7-00",
                "01-" + TRACE_ID + "-00f067aa0ba902b7-01-what-comes-later"
            })
    void aValidOneTellsTheTracesId(String header) {
        assertThat(TraceParent.parse(header)).hasValue(new TraceParent(header, TRACE_ID));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                TRACE_ID,
                "ff-" + TRACE_ID + "-00f067aa0ba902b7-01",
                "00-" + TRACE_ID + "-00f067aa0ba902b7-01-more",
                "00-" + TRACE_ID + "-00f067aa0ba902b7",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-" + TRACE_ID + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "01-" + TRACE_ID + "-00f067aa0ba902b7-01x"
            })
    void anInvalidOneTellsNothing(String header) {
        assertThat(TraceParent.parse(header)).isEmpty();
    }

    @Test
    void noneTellsNothing() {
        assertThat(TraceParent.parse(null)).isEmpty();
    }
}
