package txlookup.guarantee;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import txlookup.api.ApiSettings;
import txlookup.api.Authentication;
import txlookup.api.LookupApi;

/** The lookup API as a process of its own. */
final class ApiMain {
    private ApiMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        ConsumerMain.endWith(ProcessHandle.current().parent().orElseThrow());
        LookupApi.start(new ApiSettings(
                "local",
                ApiSettings.Http.on("127.0.0.1", Integer.parseInt(arguments[2])),
                ApiSettings.Database.at(arguments[0], "postgres", Optional.of(arguments[1])),
                new Authentication.Disabled(),
                ApiSettings.Audit.DEFAULT,
                ApiSettings.Limits.NONE,
                Optional.empty()));
        new CountDownLatch(1).await();
    }
}
