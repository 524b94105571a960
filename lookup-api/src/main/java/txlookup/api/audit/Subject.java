package txlookup.api.audit;

import java.util.EnumSet;
import java.util.Set;
import txlookup.api.auth.Caller;
import txlookup.api.auth.DeniedException;

/** What a lookup is about, as the audit row names it. */
public enum Subject {
    TRANSACTION("LOOKUP_TX", "TX"),
    PAYMENT_ORDER("LOOKUP_PAYMENT_ORDER", "PAYMENT_ORDER"),
    WALLET("LOOKUP_WALLET_TX", "WALLET"),
    TRANSACTION_EXPLAINED("EXPLAIN_TX", "TX"),
    PAYMENT_ORDER_EXPLAINED("EXPLAIN_PAYMENT_ORDER", "PAYMENT_ORDER"),
    OPEN_PAIRS("LIST_OPEN_PAIRS", "PAYMENT_ORDER"),
    SEARCH("SEARCH", "ID"),
    MANY("LOOKUP_ID", "ID"),
    WALLET_EXPORT("EXPORT_WALLET_TX", "WALLET"),
    OPEN_PAIRS_EXPORT("EXPORT_OPEN_PAIRS", "PAYMENT_ORDER"),
    SEARCH_EXPORT("EXPORT_SEARCH", "ID"),
    PERSONAL_DATA("REVEAL_PERSONAL_DATA", "ID"),
    AUDIT("VIEW_AUDIT", "AUDIT"),
    CONSOLE("OPEN_CONSOLE", "CONSOLE"),
    SIGN_IN("SIGN_IN", "SESSION"),
    SIGN_OUT("SIGN_OUT", "SESSION"),
    SELF("VIEW_SELF", "SESSION"),
    FORM("SUBMIT_FORM", "FORM"),
    DEAD_LETTERS("LIST_DEAD_LETTERS", "DEAD_LETTER"),
    DEAD_LETTER("VIEW_DEAD_LETTER", "DEAD_LETTER"),
    DEAD_LETTER_REVEALED("REVEAL_DEAD_LETTER", "DEAD_LETTER"),
    DEAD_LETTER_RUN("VIEW_DEAD_LETTER_RUN", "DEAD_LETTER_RUN"),
    DEAD_LETTER_TRIAL("TRY_DEAD_LETTERS", "DEAD_LETTER"),
    DEAD_LETTER_TRIAL_ORDERED("ORDER_DEAD_LETTER_TRIAL", "DEAD_LETTER"),
    DEAD_LETTER_REPLAY("REPLAY_DEAD_LETTERS", "DEAD_LETTER"),
    DEAD_LETTER_REPLAY_ORDERED("ORDER_DEAD_LETTER_REPLAY", "DEAD_LETTER"),
    DEAD_LETTER_DISCARD("DISCARD_DEAD_LETTERS", "DEAD_LETTER"),
    DEAD_LETTER_DISCARD_ORDERED("ORDER_DEAD_LETTER_DISCARD", "DEAD_LETTER"),
    DISCARD_PROPOSAL("PROPOSE_DISCARD", "DEAD_LETTER"),
    DISCARD_PROPOSAL_ORDERED("ORDER_DISCARD_PROPOSAL", "DEAD_LETTER"),
    DISCARD_CONFIRMATION("CONFIRM_DISCARD", "DEAD_LETTER_RUN"),
    DISCARD_CONFIRMATION_ORDERED("ORDER_DISCARD_CONFIRMATION", "DEAD_LETTER_RUN"),
    DISCARD_REFUSAL("DECLINE_DISCARD", "DEAD_LETTER_RUN"),
    DISCARD_REFUSAL_ORDERED("ORDER_DISCARD_REFUSAL", "DEAD_LETTER_RUN"),
    PIPELINE("VIEW_PIPELINE", "PIPELINE"),
    REBUILDS("LIST_REBUILDS", "REBUILD"),
    REBUILD("VIEW_REBUILD", "REBUILD"),
    GENERATIONS("LIST_GENERATIONS", "GENERATION"),
    ACTS("LIST_ACTS", "ACT"),
    ACT("VIEW_ACT", "ACT"),
    GENERATION_ACT("PREPARE_ACT", "GENERATION"),
    SWITCH_ORDERED("ORDER_SWITCH", "GENERATION"),
    GENERATION_SWITCH("SWITCH_GENERATION", "GENERATION"),
    ROLLBACK_ORDERED("ORDER_ROLLBACK", "GENERATION"),
    GENERATION_ROLLBACK("ROLL_BACK_GENERATION", "GENERATION"),
    RETIREMENT_ORDERED("ORDER_RETIREMENT", "GENERATION"),
    GENERATION_RETIRE("RETIRE_GENERATION", "GENERATION"),
    REBUILD_ORDERED("ORDER_REBUILD", "GENERATION"),
    GENERATION_REBUILD("REBUILD_GENERATION", "GENERATION");

    private static final Set<Subject> TO_OPERATE = EnumSet.of(
            DEAD_LETTER_TRIAL,
            DEAD_LETTER_TRIAL_ORDERED,
            DEAD_LETTER_REPLAY,
            DEAD_LETTER_REPLAY_ORDERED,
            DEAD_LETTER_DISCARD,
            DEAD_LETTER_DISCARD_ORDERED,
            DISCARD_PROPOSAL,
            DISCARD_PROPOSAL_ORDERED,
            DISCARD_CONFIRMATION,
            DISCARD_CONFIRMATION_ORDERED,
            DISCARD_REFUSAL,
            DISCARD_REFUSAL_ORDERED,
            GENERATION_ACT,
            SWITCH_ORDERED,
            GENERATION_SWITCH,
            ROLLBACK_ORDERED,
            GENERATION_ROLLBACK,
            RETIREMENT_ORDERED,
            GENERATION_RETIRE,
            REBUILD_ORDERED,
            GENERATION_REBUILD);

    /** What cannot be undone, when it is ordered. */
    private static final Set<Subject> BY_A_FRESH_SIGN_IN =
            EnumSet.of(DEAD_LETTER_DISCARD, DISCARD_CONFIRMATION_ORDERED, SWITCH_ORDERED, RETIREMENT_ORDERED);

    private static final Set<Subject> OF_ONE_GENERATION = EnumSet.of(
            DEAD_LETTERS,
            DEAD_LETTER,
            DEAD_LETTER_REVEALED,
            DEAD_LETTER_RUN,
            DEAD_LETTER_TRIAL,
            DEAD_LETTER_TRIAL_ORDERED,
            DEAD_LETTER_REPLAY,
            DEAD_LETTER_REPLAY_ORDERED,
            DEAD_LETTER_DISCARD,
            DEAD_LETTER_DISCARD_ORDERED,
            DISCARD_PROPOSAL,
            DISCARD_PROPOSAL_ORDERED,
            DISCARD_CONFIRMATION,
            DISCARD_CONFIRMATION_ORDERED,
            DISCARD_REFUSAL,
            DISCARD_REFUSAL_ORDERED);

    /** The audit row's resource id of a list that is about no one resource. */
    public static final String ALL = "*";

    private final String action;
    private final String resourceType;

    Subject(String action, String resourceType) {
        this.action = action;
        this.resourceType = resourceType;
    }

    /** What the audit says before an act takes effect. */
    public Subject ordered() {
        return switch (this) {
            case DEAD_LETTER_TRIAL -> DEAD_LETTER_TRIAL_ORDERED;
            case DEAD_LETTER_REPLAY -> DEAD_LETTER_REPLAY_ORDERED;
            case DEAD_LETTER_DISCARD -> DEAD_LETTER_DISCARD_ORDERED;
            case DISCARD_PROPOSAL -> DISCARD_PROPOSAL_ORDERED;
            case DISCARD_CONFIRMATION -> DISCARD_CONFIRMATION_ORDERED;
            case DISCARD_REFUSAL -> DISCARD_REFUSAL_ORDERED;
            case GENERATION_SWITCH -> SWITCH_ORDERED;
            case GENERATION_ROLLBACK -> ROLLBACK_ORDERED;
            case GENERATION_RETIRE -> RETIREMENT_ORDERED;
            case GENERATION_REBUILD -> REBUILD_ORDERED;
            default -> throw new IllegalStateException(this + " is not ordered");
        };
    }

    public String action() {
        return action;
    }

    /** @throws DeniedException 403 when looking up is not enough for this, and it is all that the caller may do */
    public void require(Caller caller) {
        if (this == AUDIT && !caller.mayAudit()) {
            throw DeniedException.noRole(caller, Caller.AUDIT);
        }
        if ((this == PERSONAL_DATA || this == DEAD_LETTER_REVEALED)
                && !caller.roles().contains(Caller.PII)) {
            throw DeniedException.noRole(caller, Caller.PII);
        }
        if (TO_OPERATE.contains(this) && !caller.mayOperate()) {
            throw DeniedException.noRole(caller, Caller.OPERATE);
        }
    }

    /** Whether a person has to have proved just now who they are. */
    public boolean takesAFreshSignIn() {
        return BY_A_FRESH_SIGN_IN.contains(this);
    }

    /** Whether its parameter {@code generation} says of which, as the header does. */
    public boolean isOfOneGeneration() {
        return OF_ONE_GENERATION.contains(this);
    }

    public String resourceType() {
        return resourceType;
    }
}
