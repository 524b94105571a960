-- A row while people keep a generation's backfill from going on: it waits between two chunks, also after a restart.
CREATE TABLE bo.backfill_pause (
    generation bigint      NOT NULL REFERENCES bo.generation,
    paused_by  text        NOT NULL,
    paused_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT backfill_pause_pkey PRIMARY KEY (generation)
);
COMMENT ON INDEX bo.backfill_pause_pkey IS 'Asked between chunks, at most once a second: may it go on?';
