-- A generation is one rebuild: its number is T_cutover as yyyyMMddHHmmss (UTC).
CREATE TABLE bo.generation (
    generation     bigint      NOT NULL,
    env            text        NOT NULL,
    owner          text        NOT NULL,
    consumer_group text        NOT NULL,
    event_profile  text        NOT NULL,
    t_cutover      timestamptz NOT NULL,
    state          text        NOT NULL,
    detail         text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT generation_pkey PRIMARY KEY (generation),
    CONSTRAINT generation_state CHECK (state IN ('PLANNED', 'MIGRATED', 'ANCHORED', 'BACKFILLING', 'CATCHING_UP',
        'READY', 'ACTIVE', 'DRAINING', 'RETIRED', 'DESTROYED', 'FAILED'))
);

CREATE TABLE bo.generation_transition (
    generation bigint      NOT NULL REFERENCES bo.generation,
    state      text        NOT NULL,
    detail     text,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row a source of changes: a partition of a topic, or an input of the backfill. Its next_position moves in
-- the transaction that applies what lies before it; the update names position and epoch that it expects, so a
-- worker that lost the source moves nothing (architecture.md, invariants 2 and 3). Every record consumed is
-- accounted for: that identity is a constraint.
CREATE TABLE bo.coverage (
    source_id      integer     NOT NULL GENERATED ALWAYS AS IDENTITY,
    generation     bigint      NOT NULL REFERENCES bo.generation,
    kind           text        NOT NULL,
    name           text        NOT NULL,
    partition      integer     NOT NULL,
    entity         text,
    topic_id       text,
    start_position bigint      NOT NULL,
    next_position  bigint      NOT NULL,
    resume_from    text,
    as_of          timestamptz NOT NULL,
    epoch          integer     NOT NULL DEFAULT 0,
    claimed_by     text,
    attempts       integer     NOT NULL DEFAULT 0,
    consumed       bigint      NOT NULL DEFAULT 0,
    applied        bigint      NOT NULL DEFAULT 0,
    stale          bigint      NOT NULL DEFAULT 0,
    duplicate      bigint      NOT NULL DEFAULT 0,
    dead           bigint      NOT NULL DEFAULT 0,
    bytes          bigint      NOT NULL DEFAULT 0,
    applied_until  timestamptz,
    caught_up_at   timestamptz,
    completed_at   timestamptz,
    updated_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT coverage_pkey PRIMARY KEY (source_id),
    CONSTRAINT coverage_source UNIQUE (generation, kind, name, partition),
    CONSTRAINT coverage_kind CHECK (kind IN ('STREAM', 'BACKFILL', 'REPLAY', 'REPAIR')),
    CONSTRAINT coverage_accounts_for_all CHECK (consumed = applied + stale + duplicate + dead),
    CONSTRAINT coverage_position CHECK (next_position >= start_position)
) WITH (fillfactor = 20);

COMMENT ON INDEX bo.generation_pkey IS 'The registry: find, lock and list a generation';
COMMENT ON INDEX bo.coverage_pkey IS 'Move a source with each batch; where a row or dead letter came from';
COMMENT ON INDEX bo.coverage_source IS 'Claim a source; list a generation''s coverage';
COMMENT ON COLUMN bo.coverage.name IS 'Topic, or the backfill input''s file or table';
COMMENT ON COLUMN bo.coverage.partition IS 'Kafka partition; -1 where there is none';
COMMENT ON COLUMN bo.coverage.entity IS 'What the input holds: LEDGER_ENTRY or PAYMENT_ORDER; null for a stream, where the topic tells';
COMMENT ON COLUMN bo.coverage.attempts IS 'How often applying began at next_position without getting past it; 0 after each batch';
COMMENT ON COLUMN bo.coverage.resume_from IS 'Backfill only: where to go on reading (byte offset of a plain file, last key of a table)';
COMMENT ON COLUMN bo.coverage.as_of IS 'Stream: the anchor''s instant. Backfill: when the source was read';
COMMENT ON COLUMN bo.coverage.applied_until IS 'Source time of the newest record applied: the watermark';
COMMENT ON COLUMN bo.coverage.caught_up_at IS
    'Stream: when its reader last saw nothing beyond next_position, so that silence is no lag';
