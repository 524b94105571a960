package txlookup.consumer.poll;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a connection as the Kafka client does, before the client does. Event Hubs was seen to close connections that open
 * with a newer ApiVersions than it knows instead of saying so; the client then tries the same for ever, silently.
 */
final class HandshakeProbe {
    private static final Logger log = LoggerFactory.getLogger(HandshakeProbe.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final short OLDER = 3; // what kafka-clients 3.8 opens with
    private static final int CORRELATION = 1;
    // A network breaks a connection now and then; a broker's ways are the same each time.
    private static final int TRIES = 3;
    private static final String NAME = "txlookup";

    private final boolean tls;

    /** @param securityProtocol Kafka's own setting, such as {@code SASL_SSL} */
    HandshakeProbe(String securityProtocol) {
        this.tls = securityProtocol.endsWith("SSL");
    }

    /**
     * Returns when a client can connect, or when nobody answers at all, which is waited for elsewhere.
     *
     * @throws OlderClientWantedException when the broker closes what this client sends and answers what an older one would
     */
    void require(String bootstrapServers) {
        String first = bootstrapServers.strip();
        first = first.contains(",") ? first.substring(0, first.indexOf(',')) : first;
        int colon = first.lastIndexOf(':');
        InetSocketAddress broker =
                new InetSocketAddress(first.substring(0, colon), Integer.parseInt(first.substring(colon + 1)));
        short newest = ApiKeys.API_VERSIONS.latestVersion();
        for (int tries = 0; tries < TRIES; tries++) {
            if (isAnswered(broker, newest) || !isAnswered(broker, OLDER)) {
                return;
            }
        }
        throw new OlderClientWantedException(
                ("%s closes connections that open with ApiVersions %d, as this Kafka client does, and answers version %d. "
                                + "The image's launcher starts the older client by itself; in a clone run the command with TXLOOKUP_KAFKA_CLIENT=older")
                        .formatted(first, newest, OLDER));
    }

    private boolean isAnswered(InetSocketAddress broker, short version) {
        try (Socket socket = tls ? SSLSocketFactory.getDefault().createSocket() : new Socket()) {
            socket.connect(broker, Math.toIntExact(PATIENCE.toMillis()));
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] request = apiVersions(version);
            out.writeInt(request.length);
            out.write(request);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            in.readInt();
            return in.readInt() == CORRELATION;
        } catch (IOException e) {
            log.debug("{} did not answer ApiVersions {}: {}", broker, version, e.toString());
            return false;
        }
    }

    /** The request as the client's own code writes it, for its fields differ between versions. */
    private static byte[] apiVersions(short version) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(ApiKeys.API_VERSIONS.id)
                .setRequestApiVersion(version)
                .setCorrelationId(CORRELATION)
                .setClientId(NAME);
        ApiVersionsRequestData body =
                new ApiVersionsRequestData().setClientSoftwareName(NAME).setClientSoftwareVersion("1");
        short headerVersion = ApiKeys.API_VERSIONS.requestHeaderVersion(version);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer bytes = ByteBuffer.allocate(header.size(cache, headerVersion) + body.size(cache, version));
        header.write(new ByteBufferAccessor(bytes), cache, headerVersion);
        body.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.array();
    }
}
