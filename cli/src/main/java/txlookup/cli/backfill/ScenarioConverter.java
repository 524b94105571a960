package txlookup.cli.backfill;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import txlookup.traffic.Scenario;

/** Reads a scenario's label from the command line. */
final class ScenarioConverter implements ITypeConverter<Scenario> {
    @Override
    public Scenario convert(String text) {
        List<Scenario> all = Arrays.asList(Scenario.values());
        return all.stream()
                .filter(scenario -> scenario.label().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'%s' is none of %s"
                        .formatted(text, all.stream().map(Scenario::label).toList())));
    }
}
