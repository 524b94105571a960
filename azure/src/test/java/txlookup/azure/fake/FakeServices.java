package txlookup.azure.fake;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What stands for the services behind the fake's resources: a database for a flexible server, a broker for a namespace,
 * processes for apps and jobs.
 */
public interface FakeServices {
    /** One container as a template gives it; secrets are resolved. Files are texts by their path. */
    record Container(
            String image, List<String> arguments, Map<String, String> variables, Map<String, String> files, int port) {
        Container with(String variable, String value) {
            Map<String, String> more = new LinkedHashMap<>(variables);
            more.put(variable, value);
            return new Container(image, arguments, more, files, port);
        }

        /** The same on its own side of the network: it asks the resource manager from there. */
        Container inside(URI outer, URI inner) {
            List<String> there = arguments.stream()
                    .map(argument -> argument.equals(outer.toString()) ? inner.toString() : argument)
                    .toList();
            return new Container(image, there, variables, files, port);
        }

        /** Never shows what is in the variables. */
        @Override
        public String toString() {
            return String.join(" ", arguments);
        }
    }

    /** A server of that name was deployed; answers its host and port. */
    String server(String name, String administrator, String password);

    /** A database of that server was deployed. */
    void database(String server, String name);

    /** An identity was made an administrator of that server, with a role of that name. */
    default void administrator(String server, String role) {}

    /** A storage account was deployed; answers where its blobs are. */
    default String storage(String name) {
        return "https://%s.blob.core.windows.net/".formatted(name);
    }

    /** A container of blobs of that account was deployed. */
    default void container(String account, String name) {}

    /** A namespace was deployed; answers its host and port. */
    String namespace(String name);

    /** A hub of that namespace was deployed. */
    void hub(String namespace, String name, int partitions);

    /** A revision of an app was made or activated again; answers its own host and port. */
    String revision(String app, String revision, Container container);

    /** That revision is not to run any more. */
    default void deactivated(String revision) {}

    /** An app's traffic goes to these revisions, by weight; answers the app's host and port. */
    default String route(String app, Map<String, Integer> weights) {
        return app + ".example.azurecontainerapps.io";
    }

    /** A job was started; answers whether it ended well, once it has. */
    CompletableFuture<Boolean> job(String name, Container container);

    /** A resource of that name and everything within it is gone. */
    void removed(String type, String name);

    /** Nothing stands behind the resources: for who looks at requests only. */
    static FakeServices none() {
        return new FakeServices() {
            @Override
            public String server(String name, String administrator, String password) {
                return name + ".postgres.database.azure.com";
            }

            @Override
            public void database(String server, String name) {}

            @Override
            public String namespace(String name) {
                return name + ".servicebus.windows.net";
            }

            @Override
            public void hub(String namespace, String name, int partitions) {}

            @Override
            public String revision(String app, String revision, Container container) {
                return revision + ".example.azurecontainerapps.io";
            }

            @Override
            public CompletableFuture<Boolean> job(String name, Container container) {
                return CompletableFuture.completedFuture(true);
            }

            @Override
            public void removed(String type, String name) {}
        };
    }
}
