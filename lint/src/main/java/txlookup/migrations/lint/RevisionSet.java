package txlookup.migrations.lint;

import txlookup.migrations.Migrations;

/** The two sets of revisions, and how the names in them are written. */
public enum RevisionSet {
    /** Makes the schema {@value Migrations#CONTROL}, which is on no connection's search path: each name has it in front. */
    CONTROL("control", Migrations.CONTROL),
    /** Makes the schema of any generation: each name stands alone, and the search path finds it. */
    GENERATION("generation", "");

    private final String folder;
    private final String schema;

    RevisionSet(String folder, String schema) {
        this.folder = folder;
        this.schema = schema;
    }

    /** The folder that holds it, beside the other's. */
    public String folder() {
        return folder;
    }

    /** As a report shows it; empty where revisions do not say it. */
    public String schema() {
        return schema;
    }

    /** The set of a folder with that name; a folder of another name holds revisions of the control schema. */
    static RevisionSet of(String folder) {
        return folder.equals(GENERATION.folder) ? GENERATION : CONTROL;
    }
}
