package txlookup.azure.destroy.policy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import txlookup.azure.inventory.Inventory;
import txlookup.azure.inventory.Resource;

/**
 * docs/policy.md once more, for owner1's test environment, clause by clause over plain text: it shares no parsing,
 * no table and no helper with the code that it judges.
 */
final class PolicyStatement {
    static final String SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

    private static final Map<String, String> OURS = new HashMap<>();

    static {
        OURS.put("team4-txlookup-rg-owner1-test", "");
        OURS.put("team4-txlookup-law-owner1-test", "microsoft.operationalinsights/workspaces");
        OURS.put("team4-txlookup-ai-owner1-test", "microsoft.insights/components");
        OURS.put("team4-txlookup-pg-owner1-test", "microsoft.dbforpostgresql/flexibleservers");
        OURS.put("team4-txlookup-eh-owner1-test", "microsoft.eventhub/namespaces");
        OURS.put("team4-txlookup-id-owner1-test", "microsoft.managedidentity/userassignedidentities");
        OURS.put("team4txlookupowner1test", "microsoft.containerregistry/registries");
        OURS.put("team4-tx-kv-owner1-t", "microsoft.keyvault/vaults");
        OURS.put("team4-tx-caenv-owner1-t", "microsoft.app/managedenvironments");
        OURS.put("team4-tx-api-owner1-t", "microsoft.app/containerapps");
        OURS.put("team4-tx-con-owner1-t", "microsoft.app/containerapps");
        OURS.put("team4-tx-mig-owner1-t", "microsoft.app/jobs");
        OURS.put("team4-tx-bf-owner1-t", "microsoft.app/jobs");
        OURS.put("team4-tx-in-owner1-t", "microsoft.app/jobs");
        OURS.put("team4-tx-exp-owner1-t", "microsoft.app/jobs");
        OURS.put("team4-txlookup-alfresh-owner1-test", "microsoft.insights/scheduledqueryrules");
        OURS.put("team4-txlookup-aldead-owner1-test", "microsoft.insights/scheduledqueryrules");
        OURS.put("team4-txlookup-ag-owner1-test", "microsoft.insights/actiongroups");
    }

    private static final Pattern LONG_NAME =
            Pattern.compile("team4-txlookup-(rg|law|ai|pg|eh|id|alfresh|aldead|ag)-[a-z0-9]+-[a-z0-9]+");
    private static final Pattern SHORT_NAME = Pattern.compile("team4-tx-(kv|caenv|api|con|mig|bf|in|exp)-[a-z0-9]+-t");
    private static final Pattern GROUP_ID = Pattern.compile("(/subscriptions/[^/]+/resourcegroups/[^/]+)(/.*)?");
    private static final Pattern TOP_ID =
            Pattern.compile("/subscriptions/[^/]+/resourcegroups/[^/]+/providers/([^/]+/[^/]+)/[^/]+");
    private static final Pattern PROPER_ID = Pattern.compile(
            "/subscriptions/[^/?#%\\\\]+/resourcegroups/[^/?#%\\\\]+(/providers(/[^/?#%\\\\]+)+)?",
            Pattern.CASE_INSENSITIVE);

    private final Inventory world;
    private final String today;
    private final boolean early;
    private final boolean disposable;
    private final Map<String, List<Resource>> byId = new HashMap<>();
    private final IdentityHashMap<Resource, String> ids = new IdentityHashMap<>();
    private final Map<String, Boolean> judged = new HashMap<>();
    private final IdentityHashMap<Resource, Set<ReasonCode>> own = new IdentityHashMap<>();

    PolicyStatement(Inventory world, String today, boolean early, boolean disposable) {
        this.world = world;
        this.today = today;
        this.early = early;
        this.disposable = disposable;
        for (Resource one : world.resources()) {
            ids.put(one, low(one.id().toString()));
            byId.computeIfAbsent(idOf(one), id -> new ArrayList<>()).add(one);
        }
    }

    /** Whether the policy lets it go; each listing of the same id has to. */
    boolean letsGo(String id) {
        String folded = low(id);
        Boolean known = judged.get(folded);
        if (known == null) {
            List<Resource> listed = listed(folded);
            known = listed.size() == 1 && clausesAgainst(listed.get(0)).isEmpty();
            judged.put(folded, known);
        }
        return known;
    }

    Set<ReasonCode> clausesAgainst(Resource it) {
        String id = idOf(it);
        if (isGroup(id)) {
            Set<ReasonCode> against = EnumSet.copyOf(ownClauses(it));
            for (Resource inside : world.resources()) {
                if (idOf(inside).startsWith(id + "/") && !goesWithTheGroup(inside)) {
                    against.add(ReasonCode.GROUP_HOLDS_KEPT);
                }
            }
            return against;
        }
        return madeByAzure(it) ? clausesAgainstMadeByAzure(it) : ownClauses(it);
    }

    private boolean goesWithTheGroup(Resource inside) {
        String id = idOf(inside);
        if (TOP_ID.matcher(id).matches()) {
            return letsGo(id);
        }
        return world.resources().stream().anyMatch(parent -> {
            String above = idOf(parent);
            return TOP_ID.matcher(above).matches() && id.startsWith(above + "/") && letsGo(above);
        });
    }

    private Set<ReasonCode> ownClauses(Resource it) {
        Set<ReasonCode> known = own.get(it);
        if (known == null) {
            known = ownClausesAnew(it);
            own.put(it, known);
        }
        return known;
    }

    private Set<ReasonCode> ownClausesAnew(Resource it) {
        String id = idOf(it);
        Set<ReasonCode> against = handsOn(it);
        if (!isGroup(id) && !TOP_ID.matcher(id).matches()) {
            against.add(ReasonCode.PART_OF_ANOTHER);
            return against;
        }
        nameClause(it, against);
        tagClauses(it.tags(), against);
        if (!isGroup(id)) {
            List<Resource> group = listed(groupOf(id));
            if (group.isEmpty()) {
                against.add(ReasonCode.GROUP_UNKNOWN);
            }
            for (Resource one : group) {
                String name = last(one.id().toString());
                boolean another = (LONG_NAME.matcher(name).matches()
                                || SHORT_NAME.matcher(name).matches())
                        && !OURS.containsKey(name);
                if (another || saysSomeoneElse(one.tags())) {
                    against.add(ReasonCode.GROUP_OF_ANOTHER);
                }
            }
            for (Resource child : world.resources()) {
                if (idOf(child).startsWith(id + "/")
                        && (!child.managedBy().isBlank() || databricks(child) || saysSomeoneElse(child.tags()))) {
                    against.add(ReasonCode.HOLDS_FOREIGN);
                }
            }
        }
        return against;
    }

    private Set<ReasonCode> handsOn(Resource it) {
        Set<ReasonCode> against = EnumSet.noneOf(ReasonCode.class);
        String id = idOf(it);
        String group = groupOf(id);
        if (!PROPER_ID.matcher(id).matches() || id.split("/").length % 2 == 0) {
            against.add(ReasonCode.ID_UNREADABLE);
        }
        if (listed(id).size() > 1) {
            against.add(ReasonCode.LISTED_TWICE);
        }
        if (!id.startsWith("/subscriptions/" + SUBSCRIPTION + "/")) {
            against.add(ReasonCode.OTHER_SUBSCRIPTION);
        }
        if (!disposable) {
            against.add(ReasonCode.STAGE_NOT_DISPOSABLE);
        }
        world.stages().forEach((deployed, stage) -> {
            if (low(deployed.toString()).equals(group) && !stage.equals("cloud-test")) {
                against.add(ReasonCode.DEPLOYED_AS_ANOTHER);
            }
        });
        if (databricks(it) || listed(group).stream().anyMatch(PolicyStatement::databricks)) {
            against.add(ReasonCode.DATABRICKS);
        }
        if (!it.managedBy().isBlank()) {
            against.add(ReasonCode.MANAGED);
        }
        if (!isGroup(id)
                && listed(group).stream().anyMatch(one -> !one.managedBy().isBlank())) {
            against.add(ReasonCode.GROUP_MANAGED);
        }
        for (Resource other : world.resources()) {
            for (var managed : other.manages()) {
                if (!group.isEmpty() && low(managed.toString()).equals(group)) {
                    against.add(ReasonCode.GROUP_MANAGED);
                }
            }
        }
        world.locks().forEach(lock -> {
            if (overlaps(low(lock.scope().toString()), id)) {
                against.add(ReasonCode.LOCKED);
            }
        });
        world.denials().forEach(denial -> {
            if (overlaps(low(denial.scope().toString()), id)) {
                against.add(ReasonCode.DENIED);
            }
        });
        return against;
    }

    private void nameClause(Resource it, Set<ReasonCode> against) {
        String name = last(it.id().toString());
        Matcher top = TOP_ID.matcher(idOf(it));
        String type = top.matches() ? top.group(1) : "";
        if (OURS.containsKey(name)) {
            if (!OURS.get(name).equals(type)) {
                against.add(ReasonCode.TYPE_IS_ANOTHER);
            }
        } else if (LONG_NAME.matcher(name).matches() || SHORT_NAME.matcher(name).matches()) {
            against.add(ReasonCode.NAME_OF_ANOTHER);
        } else {
            against.add(ReasonCode.NAME_NOT_OURS);
        }
    }

    private void tagClauses(Map<String, String> tags, Set<ReasonCode> against) {
        if (tags.isEmpty()) {
            against.add(ReasonCode.UNTAGGED);
            return;
        }
        for (String wanted : List.of("env=test", "owner=owner1", "project=txlookup", "stage=cloud-test", "ttl=")) {
            String name = wanted.substring(0, wanted.indexOf('='));
            String value = wanted.substring(wanted.indexOf('=') + 1);
            List<String> seen = valuesOf(tags, name);
            if (seen.size() != 1) {
                against.add(seen.isEmpty() ? ReasonCode.TAG_MISSING : ReasonCode.TAG_AMBIGUOUS);
            } else if (name.equals("ttl")) {
                ttlClause(seen.get(0), against);
            } else if (!seen.get(0).equals(value)) {
                against.add(ReasonCode.TAG_DIFFERS);
            }
        }
    }

    /** The generator's days are all that occur here; any other text is no day. */
    private void ttlClause(String ttl, Set<ReasonCode> against) {
        if (!Set.of("2020-01-01", "2026-11-20", "2026-11-21", "2026-11-22", "2099-12-31")
                .contains(ttl)) {
            against.add(ReasonCode.TTL_UNREADABLE);
        } else if (ttl.compareTo(today) > 0 && !early) {
            against.add(ReasonCode.TTL_AHEAD);
        }
    }

    private boolean madeByAzure(Resource it) {
        String id = idOf(it);
        return it.tags().isEmpty()
                && TOP_ID.matcher(id).matches()
                && (id.contains("/providers/microsoft.alertsmanagement/smartdetectoralertrules/failure anomalies - ")
                        || id.endsWith(
                                "/providers/microsoft.insights/actiongroups/application insights smart detection"));
    }

    private Set<ReasonCode> clausesAgainstMadeByAzure(Resource it) {
        Set<ReasonCode> against = handsOn(it);
        String id = idOf(it);
        String group = groupOf(id);
        boolean groupIsOurs = !listed(group).isEmpty()
                && listed(group).stream().allMatch(one -> ownClauses(one).isEmpty());
        boolean foreignComponent = world.resources().stream().anyMatch(other -> {
            String otherId = idOf(other);
            Matcher top = TOP_ID.matcher(otherId);
            return groupOf(otherId).equals(group)
                    && top.matches()
                    && top.group(1).equals("microsoft.insights/components")
                    && !ownClauses(other).isEmpty();
        });
        boolean named = id.endsWith("/application insights smart detection")
                || id.endsWith("/failure anomalies - team4-txlookup-ai-owner1-test");
        if (!groupIsOurs || foreignComponent || !named) {
            against.add(ReasonCode.NOT_BESIDE_OURS);
        }
        return against;
    }

    private static boolean saysSomeoneElse(Map<String, String> tags) {
        return valuesOf(tags, "owner").stream().anyMatch(value -> !value.equals("owner1"))
                || valuesOf(tags, "env").stream().anyMatch(value -> !value.equals("test"))
                || valuesOf(tags, "project").stream().anyMatch(value -> !value.equals("txlookup"))
                || valuesOf(tags, "stage").stream().anyMatch(value -> !value.equals("cloud-test"));
    }

    private static List<String> valuesOf(Map<String, String> tags, String name) {
        return tags.keySet().stream()
                .filter(key -> low(key).equals(name))
                .map(tags::get)
                .toList();
    }

    private static boolean databricks(Resource it) {
        String all = Stream.concat(
                        Stream.of(it.id().toString(), it.managedBy()),
                        it.tags().entrySet().stream().map(Map.Entry::toString))
                .collect(Collectors.joining("\n"));
        return low(all).contains("databricks");
    }

    private static boolean overlaps(String scope, String id) {
        return scope.equals(id) || id.startsWith(scope + "/") || scope.startsWith(id + "/");
    }

    private String idOf(Resource one) {
        return ids.get(one);
    }

    private List<Resource> listed(String folded) {
        return byId.getOrDefault(folded, List.of());
    }

    private static boolean isGroup(String id) {
        return groupOf(id).equals(id);
    }

    private static String groupOf(String id) {
        Matcher matcher = GROUP_ID.matcher(id);
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static String last(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    private static String low(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
