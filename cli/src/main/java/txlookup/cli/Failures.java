package txlookup.cli;

import java.io.PrintWriter;
import java.net.ConnectException;
import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import txlookup.apply.store.sql.SqlErrors;
import txlookup.cli.options.Development;
import txlookup.cli.options.ExitCode;
import txlookup.cli.service.LogFormat;
import txlookup.consumer.offsets.GapException;
import txlookup.consumer.poll.OlderClientWantedException;
import txlookup.profiles.schema.ProfileException;
import txlookup.rebuild.platform.HeldByAnotherException;

/** Every failure ends in a message that says what was wrong and an exit code that says whose fault it is. */
public final class Failures implements IExecutionExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult result) {
        if (LogFormat.current() == LogFormat.JSON) {
            // Whoever collects a service's output takes objects, not lines for a person.
            log.error("txlookup {}: {}", commandLine.getCommandName(), message(e), e);
            return code(e);
        }
        log.debug("The command failed", e);
        PrintWriter out = commandLine.getErr();
        out.println("txlookup " + commandLine.getCommandName() + ": " + message(e));
        out.flush();
        return code(e);
    }

    public static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    static int code(Throwable e) {
        if (e instanceof ProfileException || e instanceof IllegalArgumentException) {
            return ExitCode.WRONG_USE;
        }
        if (e instanceof OlderClientWantedException) {
            return ExitCode.OLDER_KAFKA;
        }
        if (e instanceof GapException) {
            return ExitCode.GAP;
        }
        if (e instanceof SQLException sql && SqlErrors.isTransient(sql)) {
            return ExitCode.UNREACHABLE;
        }
        if (e instanceof HeldByAnotherException || e instanceof KafkaException || e instanceof ConnectException) {
            return ExitCode.UNREACHABLE;
        }
        return Development.find().filter(here -> here.isItsFailure(e)).isPresent()
                ? ExitCode.UNREACHABLE
                : ExitCode.FAILED;
    }

    static int usage(ParameterException e, String[] arguments) {
        PrintWriter out = e.getCommandLine().getErr();
        out.println("txlookup: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, out);
        out.println(
                "Try '%s --help'.".formatted(e.getCommandLine().getCommandSpec().qualifiedName()));
        out.flush();
        return ExitCode.WRONG_USE;
    }
}
