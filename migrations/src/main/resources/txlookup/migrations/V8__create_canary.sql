-- Marker events, which the gate publishes to see how long a record takes to become visible. They are no data: consumed
-- and its identity do not count them, and offsets passed without a record consumed may be theirs.
ALTER TABLE bo.coverage ADD COLUMN markers bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN bo.coverage.markers IS 'Marker events passed, beside what was consumed';

-- How many markers of a run were passed in a partition, in the transaction that passed them. A day later a row is gone.
CREATE TABLE bo.canary (
    source_id integer     NOT NULL REFERENCES bo.coverage,
    run       text        NOT NULL,
    sequence  bigint      NOT NULL,
    markers   bigint      NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT canary_pkey PRIMARY KEY (source_id, run)
);
COMMENT ON INDEX bo.canary_pkey IS 'Count a run''s markers with each batch; look whether they are visible';
COMMENT ON COLUMN bo.canary.sequence IS 'The newest marker''s number; a run numbers them from 1 in each partition';
COMMENT ON COLUMN bo.canary.markers IS 'How many were passed; fewer than sequence: some are lost';
