package txlookup.issuer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.support.GenericApplicationContext;

/** The issuer's process. It listens on this machine only. */
public final class LocalIssuer {
    private LocalIssuer() {}

    /** @param arguments the port, then the address of each console that may send people here */
    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        List<String> consoles = Arrays.stream(arguments).skip(1).toList();
        Place place = new Place("http://127.0.0.1:" + port, consoles);
        SpringApplication application = new SpringApplication(IssuerBeans.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.port", Integer.toString(port),
                // Cookies know no ports: the console on this machine has its own.
                "server.servlet.session.cookie.name", "issuer_session"));
        application.addInitializers((GenericApplicationContext beans) -> beans.registerBean(Place.class, () -> place));
        application.run();
    }

    /**
     * Where the issuer is.
     *
     * @param consoles the addresses of those who may send people here, without a slash at the end
     */
    record Place(String issuer, List<String> consoles) {}
}
