package txlookup.azure.destroy.run;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import txlookup.azure.arm.ArmId;
import txlookup.azure.inventory.Answer;
import txlookup.azure.inventory.AzureSubscription;
import txlookup.azure.inventory.DeletedName;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;

/** A subscription that does what it is told at once, changes when it is told to, and says what it was asked for. */
public final class InMemorySubscription implements AzureSubscription {
    private final Consumer<ArmId> asked;
    private Inventory world;
    private int untilDrift = Integer.MAX_VALUE;
    private UnaryOperator<Inventory> drift = UnaryOperator.identity();

    public InMemorySubscription(Inventory world, Consumer<ArmId> asked) {
        this.world = world;
        this.asked = asked;
    }

    public void driftAt(int reading, UnaryOperator<Inventory> change) {
        untilDrift = reading;
        drift = change;
    }

    public Inventory world() {
        return world;
    }

    @Override
    public Inventory read() {
        if (untilDrift-- == 0) {
            world = drift.apply(world);
        }
        return world;
    }

    @Override
    public Optional<Resource> find(ArmId id) {
        return world.resources().stream()
                .filter(resource -> resource.id().equals(id))
                .findFirst();
    }

    @Override
    public Answer delete(ArmId id) {
        asked.accept(id);
        List<Resource> left = new ArrayList<>(world.resources());
        left.removeIf(resource -> resource.id().isWithin(id));
        world = world.with(left);
        return new Answer.Done();
    }

    @Override
    public Answer purge(DeletedName deleted) {
        return new Answer.Done();
    }

    @Override
    public Answer progress(URI operation) {
        return new Answer.Done();
    }
}
