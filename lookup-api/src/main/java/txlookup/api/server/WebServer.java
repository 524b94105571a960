package txlookup.api.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import txlookup.api.config.LookupApiSettings;

/** Tomcat as this API needs it. */
public final class WebServer {
    private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

    private WebServer() {}

    public static TomcatServletWebServerFactory factory(LookupApiSettings.Http http) {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(http.port());
        factory.setAddress(address(http.bindAddress()));
        factory.setShutdown(Shutdown.GRACEFUL);
        factory.addConnectorCustomizers(connector -> {
            connector.setProperty("maxHttpRequestHeaderSize", Integer.toString(RequestLimits.HEADER_BYTES));
            connector.setProperty("maxHeaderCount", Integer.toString(RequestLimits.HEADERS));
            connector.setProperty("maxKeepAliveRequests", "-1"); // proxies and scripts need not connect anew every 100
            connector.setMaxPostSize(RequestLimits.BODY_BYTES);
            connector.setMaxParameterCount(RequestLimits.PARAMETERS);
            // Ids may hold a slash or a backslash; the path's last reader decodes them.
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        });
        factory.addContextCustomizers(context -> {
            StandardHost host = (StandardHost) context.getParent();
            // In place already under the class name that the host looks for, it keeps Tomcat's own away.
            host.setErrorReportValveClass(ProblemReportValve.class.getName());
            host.getPipeline().addValve(new ProblemReportValve());
        });
        if (!http.trustedProxies().isEmpty()) {
            factory.addEngineValves(forwarded(http));
        }
        if (Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS) {
            factory.addProtocolHandlerCustomizers(handler -> handler.setExecutor(new VirtualThreadExecutor("lookup-")));
        }
        return factory;
    }

    /** The nearest address that is no trusted proxy. What stands left of it in the header anyone may have written. */
    private static RemoteIpValve forwarded(LookupApiSettings.Http http) {
        RemoteIpValve valve = new RemoteIpValve();
        valve.setInternalProxies(String.join(",", http.trustedProxies()));
        valve.setProtocolHeader("X-Forwarded-Proto");
        return valve;
    }

    private static InetAddress address(String bindAddress) {
        try {
            return InetAddress.getByName(bindAddress);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "http.bindAddress is '%s', which is not an address of this machine; use one such as 127.0.0.1"
                            .formatted(bindAddress),
                    e);
        }
    }
}
