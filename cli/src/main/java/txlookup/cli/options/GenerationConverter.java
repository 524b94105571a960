package txlookup.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import txlookup.profiles.naming.GenerationNumber;

/** Reads a generation's number from the command line. */
public final class GenerationConverter implements ITypeConverter<GenerationNumber> {
    @Override
    public GenerationNumber convert(String text) {
        try {
            return GenerationNumber.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
