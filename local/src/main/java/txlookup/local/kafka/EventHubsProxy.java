package txlookup.local.kafka;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Makes a Kafka broker look and behave like Event Hubs' Kafka endpoint: the versions of the protocol that it was seen to
 * advertise, and what it was seen to do to its clients. Sources: github.com/oliveigah/klife#13 (versions),
 * Azure/azure-event-hubs-emulator-installer#72 (Metadata up to 5), Azure/azure-event-hubs-for-kafka#69 and #61 (no
 * DescribeConfigs), dpkp/kafka-python#2602 and twmb/franz-go#1025 (ApiVersions from 4 on is reset), Azure's
 * apache-kafka-configurations (idle connections end after 240 s) and its troubleshooting guide (throttled fetches are empty).
 */
public final class EventHubsProxy implements AutoCloseable {
    /** The newest versions seen in an answer of the service, by API key; what is not here is not advertised. */
    private static final Map<Short, Integer> NEWEST = Map.ofEntries(
            newest(ApiKeys.PRODUCE, 7),
            newest(ApiKeys.FETCH, 6),
            newest(ApiKeys.LIST_OFFSETS, 8),
            newest(ApiKeys.METADATA, 5),
            newest(ApiKeys.OFFSET_COMMIT, 8),
            newest(ApiKeys.OFFSET_FETCH, 8),
            newest(ApiKeys.FIND_COORDINATOR, 4),
            newest(ApiKeys.JOIN_GROUP, 9),
            newest(ApiKeys.HEARTBEAT, 4),
            newest(ApiKeys.LEAVE_GROUP, 5),
            newest(ApiKeys.SYNC_GROUP, 5),
            newest(ApiKeys.API_VERSIONS, 3),
            newest(ApiKeys.CREATE_TOPICS, 7), // not there: hubs are made by the resource manager, and here by the test
            newest(ApiKeys.INIT_PRODUCER_ID, 2));

    private static Map.Entry<Short, Integer> newest(ApiKeys api, int version) {
        return Map.entry(api.id, version);
    }

    private final ServerSocket listener;
    private final int broker;
    /** How many answers were changed, or connections closed, by API. */
    public final Map<ApiKeys, AtomicInteger> interfered = new ConcurrentHashMap<>();

    public volatile boolean resetsNewApiVersions;
    public volatile Duration idleLimit = Duration.ofMinutes(4);
    public volatile int emptyFetchesOneIn;
    public volatile int throttledCommitsOneIn;
    public volatile boolean forgetsOffsets;
    /** How many of the next connections are reset before anything is said, as a network does. */
    public final AtomicInteger broken = new AtomicInteger();

    public EventHubsProxy(int broker) throws IOException {
        this.broker = broker;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int interferedWith(ApiKeys api) {
        AtomicInteger count = interfered.get(api);
        return count == null ? 0 : count.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                daemon(() -> new Link(client).open());
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "event-hubs");
        thread.setDaemon(true);
        thread.start();
    }

    private boolean interferes(ApiKeys api, int oneIn) {
        AtomicInteger count = interfered.computeIfAbsent(api, key -> new AtomicInteger());
        if (oneIn == 0 || (count.getAndIncrement() + 1) % oneIn != 0) {
            return oneIn == 1;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private record Asked(ApiKeys api, short version) {}

    private final class Link {
        private final Socket client;
        private final Map<Integer, Asked> asked = new ConcurrentHashMap<>();

        Link(Socket client) {
            this.client = client;
        }

        void open() {
            try (client;
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), broker)) {
                if (broken.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
                    reset();
                    return;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                client.setSoTimeout(Math.toIntExact(idleLimit.toMillis()));
                daemon(() -> answers(server));
                requests(server);
            } catch (SocketTimeoutException idle) {
                reset();
            } catch (IOException e) {
                reset(); // one end is gone
            }
        }

        private void requests(Socket server) throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()));
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                ByteBuffer header = ByteBuffer.wrap(frame);
                Asked request = new Asked(ApiKeys.forId(header.getShort()), header.getShort());
                if (request.api() == ApiKeys.API_VERSIONS && request.version() >= 4 && resetsNewApiVersions) {
                    interferes(ApiKeys.API_VERSIONS, 1);
                    reset();
                    return;
                }
                asked.put(header.getInt(), request);
                out.writeInt(frame.length);
                out.write(frame);
                out.flush();
            }
        }

        private void answers(Socket server) {
            try {
                DataInputStream in = new DataInputStream(server.getInputStream());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
                while (true) {
                    byte[] frame = new byte[in.readInt()];
                    in.readFully(frame);
                    byte[] answer = changed(frame);
                    out.writeInt(answer.length);
                    out.write(answer);
                    out.flush();
                }
            } catch (IOException | InterruptedException e) {
                reset();
            }
        }

        private byte[] changed(byte[] frame) throws InterruptedException {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            Asked request = asked.remove(bytes.getInt());
            return switch (request.api()) {
                case API_VERSIONS -> narrowed(frame, request);
                case FETCH -> interferes(ApiKeys.FETCH, emptyFetchesOneIn) ? emptied(frame, request) : frame;
                case OFFSET_COMMIT ->
                    interferes(ApiKeys.OFFSET_COMMIT, throttledCommitsOneIn) ? refused(frame, request) : frame;
                case OFFSET_FETCH -> forgetsOffsets ? forgotten(frame, request) : frame;
                case METADATA -> led(frame, request);
                case FIND_COORDINATOR -> coordinated(frame, request);
                default -> frame;
            };
        }

        private byte[] narrowed(byte[] frame, Asked request) {
            // A broker refuses a version that it does not know in the form of version 0.
            boolean unknown = ByteBuffer.wrap(frame).getShort(4) == Errors.UNSUPPORTED_VERSION.code();
            short version = unknown ? 0 : request.version();
            ApiVersionsResponseData data = new ApiVersionsResponseData(body(frame, request), version);
            ApiVersionsResponseData.ApiVersionCollection kept = new ApiVersionsResponseData.ApiVersionCollection();
            for (ApiVersionsResponseData.ApiVersion api : data.apiKeys()) {
                Integer newest = NEWEST.get(api.apiKey());
                if (newest != null) {
                    kept.add(new ApiVersionsResponseData.ApiVersion()
                            .setApiKey(api.apiKey())
                            .setMinVersion(api.minVersion())
                            .setMaxVersion((short) Math.min(newest, api.maxVersion())));
                }
            }
            data.setApiKeys(kept);
            return frame(frame, request, data, version);
        }

        /** Throttled, the service answers late and without records: it looks like a log without news. */
        private byte[] emptied(byte[] frame, Asked request) throws InterruptedException {
            FetchResponseData data = new FetchResponseData(body(frame, request), request.version());
            data.setThrottleTimeMs(200);
            data.responses().forEach(topic -> topic.partitions().forEach(partition -> partition.setRecords(null)));
            Thread.sleep(100);
            return frame(frame, request, data, request.version());
        }

        private byte[] refused(byte[] frame, Asked request) {
            OffsetCommitResponseData data = new OffsetCommitResponseData(body(frame, request), request.version());
            data.topics().forEach(topic -> topic.partitions()
                    .forEach(partition -> partition.setErrorCode(Errors.COORDINATOR_LOAD_IN_PROGRESS.code())));
            return frame(frame, request, data, request.version());
        }

        private byte[] forgotten(byte[] frame, Asked request) {
            interferes(ApiKeys.OFFSET_FETCH, 1);
            OffsetFetchResponseData data = new OffsetFetchResponseData(body(frame, request), request.version());
            data.topics().forEach(topic -> topic.partitions().forEach(partition -> partition.setCommittedOffset(-1)));
            data.groups().forEach(group -> group.topics()
                    .forEach(topic -> topic.partitions().forEach(partition -> partition.setCommittedOffset(-1))));
            return frame(frame, request, data, request.version());
        }

        /** Clients go where the answer says, and so back through here. */
        private byte[] led(byte[] frame, Asked request) {
            MetadataResponseData data = new MetadataResponseData(body(frame, request), request.version());
            data.brokers().forEach(each -> each.setPort(port()));
            return frame(frame, request, data, request.version());
        }

        private byte[] coordinated(byte[] frame, Asked request) {
            FindCoordinatorResponseData data = new FindCoordinatorResponseData(body(frame, request), request.version());
            if (data.port() > 0) {
                data.setPort(port());
            }
            data.coordinators().stream().filter(each -> each.port() > 0).forEach(each -> each.setPort(port()));
            return frame(frame, request, data, request.version());
        }

        private ByteBufferAccessor body(byte[] frame, Asked request) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            bytes.position(headerLength(request));
            return new ByteBufferAccessor(bytes);
        }

        private byte[] frame(byte[] original, Asked request, ApiMessage data, short version) {
            ObjectSerializationCache cache = new ObjectSerializationCache();
            int header = headerLength(request);
            ByteBuffer bytes = ByteBuffer.allocate(header + data.size(cache, version));
            bytes.put(original, 0, header);
            data.write(new ByteBufferAccessor(bytes), cache, version);
            return bytes.array();
        }

        private int headerLength(Asked request) {
            return request.api().responseHeaderVersion(request.version()) == 0 ? 4 : 5;
        }

        private void reset() {
            try {
                client.setSoLinger(true, 0);
                client.close();
            } catch (IOException closedAlready) {
                asked.clear();
            }
        }
    }
}
