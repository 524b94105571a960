package txlookup.guarantee.fleet;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import txlookup.api.LookupApi;
import txlookup.api.config.Authentication;
import txlookup.api.config.LookupApiSettings;

/** The lookup API as a process of its own. */
public final class ApiMain {
    private ApiMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ConsumerMain.endWith(ProcessHandle.current().parent().orElseThrow());
        LookupApi.start(new LookupApiSettings(
                "local",
                LookupApiSettings.Http.on("127.0.0.1", Integer.parseInt(arguments[2])),
                LookupApiSettings.Database.at(arguments[0], "postgres", Optional.of(arguments[1])),
                new Authentication.Disabled(),
                LookupApiSettings.Audit.DEFAULT,
                LookupApiSettings.Limits.NONE,
                Optional.empty()));
        new CountDownLatch(1).await();
    }
}
