package txlookup.guarantee.fleet;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Map;
import txlookup.apply.generation.Act;
import txlookup.apply.generation.RefusedActException;
import txlookup.apply.generation.Retire;
import txlookup.apply.generation.Switch;
import txlookup.consumer.offsets.ConsumerGroups;
import txlookup.profiles.settings.ServingSettings;

/** One act on generations as a command gives it: a process of its own, which may be killed. */
public final class ActMain {
    static final int REFUSED = 2;

    private static final ServingSettings SETTINGS = new ServingSettings(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(60), Duration.ofMillis(200));

    private ActMain() {}

    /** @param arguments URL, password, brokers, what to do, the generation, the evidence that is accepted, and a key */
    public static void main(String[] arguments) {
        ConsumerMain.endWith(ProcessHandle.current().parent().orElseThrow());
        int code = 0;
        String url = arguments[0] + "?connectTimeout=5&socketTimeout=15";
        try (Connection store = DriverManager.getConnection(url, "postgres", arguments[1])) {
            Act act = act(
                    store,
                    arguments[2],
                    arguments[3],
                    Long.parseLong(arguments[4]),
                    arguments[5],
                    new Act.Order("the suite", "a trial", arguments[6]));
            System.out.println(act.detail());
        } catch (RefusedActException e) {
            System.out.println("refused: " + e.getMessage());
            code = REFUSED;
        } catch (Exception e) {
            System.out.println("failed: " + e);
            code = 1;
        }
        System.exit(code);
    }

    private static Act act(Connection store, String brokers, String what, long target, String evidence, Act.Order order)
            throws Exception {
        return switch (what) {
            case "rollback" -> new Switch(store, SETTINGS, System.out::println).rollBack(order, false);
            case "retire" ->
                new Retire(store, SETTINGS, outside(brokers), System.out::println).retire(target, order, true);
            default ->
                new Switch(store, SETTINGS, System.out::println)
                        .switchTo(target, Integer.parseInt(what), order, evidence);
        };
    }

    /** Its consumers end by themselves. */
    private static Retire.Outside outside(String brokers) {
        return new Retire.Outside() {
            @Override
            public void stopConsumer(long generation) {}

            @Override
            public void keepUnsettled(long generation) {}

            @Override
            public void deleteGroup(String group) throws InterruptedException {
                ConsumerGroups.delete(Map.of("bootstrap.servers", brokers), group);
            }
        };
    }
}
