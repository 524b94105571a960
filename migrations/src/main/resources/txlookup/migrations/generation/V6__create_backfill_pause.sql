-- A row while people keep this generation's backfill from going on: it waits between two chunks, also after a restart.
CREATE TABLE backfill_pause (
    only_row  boolean     NOT NULL DEFAULT true,
    paused_by text        NOT NULL,
    paused_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT backfill_pause_pkey PRIMARY KEY (only_row),
    CONSTRAINT backfill_pause_is_one CHECK (only_row)
);
COMMENT ON INDEX backfill_pause_pkey IS 'Asked between chunks, at most once a second: may it go on?';
