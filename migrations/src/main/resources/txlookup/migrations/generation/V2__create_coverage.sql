-- One row a source of changes: a partition of a topic, or an input of the backfill. Its next_position moves in
-- the transaction that applies what lies before it; the update names position and epoch that it expects, so a
-- worker that lost the source moves nothing (architecture.md, invariants 2 and 3). Every record consumed is
-- accounted for: that identity is a constraint.
CREATE TABLE coverage (
    source_id         integer     NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind              text        NOT NULL,
    name              text        NOT NULL,
    partition         integer     NOT NULL,
    entity            text,
    topic_id          text,
    start_position    bigint      NOT NULL,
    next_position     bigint      NOT NULL,
    resume_from       text,
    as_of             timestamptz NOT NULL,
    epoch             integer     NOT NULL DEFAULT 0,
    claimed_by        text,
    attempts          integer     NOT NULL DEFAULT 0,
    leader_epoch      integer,
    stopped_at        timestamptz,
    stopped_reason    text,
    stopped_share     numeric,
    resume_ordered_at timestamptz,
    resume_ordered_by text,
    resume_reason     text,
    tolerate_to       bigint,
    consumed          bigint      NOT NULL DEFAULT 0,
    applied           bigint      NOT NULL DEFAULT 0,
    stale             bigint      NOT NULL DEFAULT 0,
    duplicate         bigint      NOT NULL DEFAULT 0,
    dead              bigint      NOT NULL DEFAULT 0,
    markers           bigint      NOT NULL DEFAULT 0,
    read_again        bigint      NOT NULL DEFAULT 0,
    bytes             bigint      NOT NULL DEFAULT 0,
    applied_until     timestamptz,
    caught_up_at      timestamptz,
    completed_at      timestamptz,
    updated_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT coverage_pkey PRIMARY KEY (source_id),
    CONSTRAINT coverage_source UNIQUE (kind, name, partition),
    CONSTRAINT coverage_kind CHECK (kind IN ('STREAM', 'BACKFILL', 'REPLAY', 'REPAIR')),
    CONSTRAINT coverage_accounts_for_all CHECK (consumed = applied + stale + duplicate + dead),
    CONSTRAINT coverage_position CHECK (next_position >= start_position)
) WITH (fillfactor = 20);

COMMENT ON INDEX coverage_pkey IS 'Move a source with each batch; where a row or dead letter came from';
COMMENT ON INDEX coverage_source IS 'Claim a source; list all of them';
COMMENT ON COLUMN coverage.name IS 'Topic, or the backfill input''s file or table';
COMMENT ON COLUMN coverage.partition IS 'Kafka partition; -1 where there is none';
COMMENT ON COLUMN coverage.entity IS 'What the input holds: LEDGER_ENTRY or PAYMENT_ORDER; null for a stream, where the topic tells';
COMMENT ON COLUMN coverage.attempts IS 'How often applying began at next_position without getting past it; 0 after each batch';
COMMENT ON COLUMN coverage.resume_from IS 'Backfill only: where to go on reading (byte offset of a plain file, last key of a table)';
COMMENT ON COLUMN coverage.as_of IS 'Stream: the anchor''s instant. Backfill: when the source was read';
COMMENT ON COLUMN coverage.read_again IS
    'Stream: records that are counted twice, since somebody moved the position back (txlookup generation reprocess)';
COMMENT ON COLUMN coverage.applied_until IS 'Source time of the newest record applied: the watermark';
COMMENT ON COLUMN coverage.caught_up_at IS
    'Stream: when its reader last saw nothing beyond next_position, so that silence is no lag';
COMMENT ON COLUMN coverage.leader_epoch IS
    'Stream: the leader epoch of the record before next_position, to notice a log that was cut; null where unknown';
COMMENT ON COLUMN coverage.stopped_at IS 'Stream: since when the partition is stopped; null while it is not';
COMMENT ON COLUMN coverage.stopped_reason IS 'Why it is stopped, with offsets; null while it is not';
COMMENT ON COLUMN coverage.stopped_share IS
    'The consumer.maxDeadShare that its dead letters exceeded; null when it is stopped for another reason';
COMMENT ON COLUMN coverage.resume_ordered_at IS
    'The latest order to resume; it holds for a stop that is older. The consumer looks every second';
COMMENT ON COLUMN coverage.tolerate_to IS
    'Up to this offset any share of dead letters is accepted: the end of the log when somebody resumed the partition';
