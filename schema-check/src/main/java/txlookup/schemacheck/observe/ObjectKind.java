package txlookup.schemacheck.observe;

public enum ObjectKind {
    TABLE,
    VIEW,
    MATERIALIZED_VIEW,
    SEQUENCE,
    INDEX,
    COLUMN,
    CONSTRAINT,
    TRIGGER,
    RULE,
    POLICY,
    FUNCTION,
    TYPE,
    VALUE,
    SCHEMA;

    /** As SQL writes it. */
    public String title() {
        return name().replace('_', ' ');
    }
}
