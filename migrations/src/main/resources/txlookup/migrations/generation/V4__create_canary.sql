-- Marker events, which the gate publishes to see how long a record takes to become visible. They are no data: consumed
-- and its identity do not count them, and offsets passed without a record consumed may be theirs.
COMMENT ON COLUMN coverage.markers IS 'Marker events passed, beside what was consumed';

-- How many markers of a run were passed in a partition, in the transaction that passed them. A day later a row is gone.
CREATE TABLE canary (
    source_id integer     NOT NULL REFERENCES coverage,
    run       text        NOT NULL,
    sequence  bigint      NOT NULL,
    markers   bigint      NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT canary_pkey PRIMARY KEY (source_id, run)
);
COMMENT ON INDEX canary_pkey IS 'Count a run''s markers with each batch; look whether they are visible';
COMMENT ON COLUMN canary.sequence IS 'The newest marker''s number; a run numbers them from 1 in each partition';
COMMENT ON COLUMN canary.markers IS 'How many were passed; fewer than sequence: some are lost';
