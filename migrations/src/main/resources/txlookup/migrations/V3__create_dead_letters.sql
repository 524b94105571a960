-- One order to replay or discard dead letters, or to try a replay out: who, why, which, and what became of them. It is
-- there before its work begins: an interrupted one is seen and gone on with, and one asked for in the console waits here
-- for a process that may write.
CREATE TABLE bo.dead_letter_run (
    run_id       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    generation   bigint      NOT NULL REFERENCES bo.generation,
    action       text        NOT NULL,
    actor        text        NOT NULL,
    note         text,
    dry_run      boolean     NOT NULL DEFAULT false,
    only_ids     bigint[],
    only_reason  text,
    only_source  text,
    runner       text,
    selected     bigint      NOT NULL DEFAULT 0,
    resolved     bigint      NOT NULL DEFAULT 0,
    superseded   bigint      NOT NULL DEFAULT 0,
    refused      bigint      NOT NULL DEFAULT 0,
    discarded    bigint      NOT NULL DEFAULT 0,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at     timestamptz,
    CONSTRAINT dead_letter_run_pkey PRIMARY KEY (run_id),
    CONSTRAINT dead_letter_run_action CHECK (action IN ('REPLAY', 'DISCARD'))
);
COMMENT ON INDEX bo.dead_letter_run_pkey IS 'One run, by the number that people use; dlq runs: newest first';

-- What could not be decoded or stored, with its bytes as they came and the reason of contract.md.
CREATE TABLE bo.dead_letter (
    dead_letter_id bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    source_id      integer     NOT NULL REFERENCES bo.coverage,
    position       bigint      NOT NULL,
    record_time    timestamptz NOT NULL,
    reason         text        NOT NULL,
    detail         text        NOT NULL,
    record_key     bytea,
    record_value   bytea,
    record_headers jsonb,
    state          text        NOT NULL DEFAULT 'OPEN',
    attempts       integer     NOT NULL DEFAULT 0,
    failed_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at     timestamptz,
    settled_by     text,
    note           text,
    run_id         bigint REFERENCES bo.dead_letter_run,
    CONSTRAINT dead_letter_pkey PRIMARY KEY (dead_letter_id),
    CONSTRAINT dead_letter_coordinates UNIQUE (source_id, position),
    CONSTRAINT dead_letter_state CHECK (state IN ('OPEN', 'REPLAYING', 'RESOLVED', 'SUPERSEDED', 'DISCARDED')),
    CONSTRAINT dead_letter_reason CHECK (reason IN ('parse_error', 'contract_core_violation', 'unsupported_topic',
        'tombstone', 'future_timestamp', 'value_out_of_range', 'processing_failure'))
);

COMMENT ON INDEX bo.dead_letter_pkey IS 'One dead letter, by the number that people use';
COMMENT ON INDEX bo.dead_letter_coordinates IS 'A record is dead-lettered once, however often it is delivered';

CREATE INDEX dead_letter_unsettled ON bo.dead_letter (source_id) WHERE state IN ('OPEN', 'REPLAYING');
COMMENT ON INDEX bo.dead_letter_unsettled IS 'The gate "no open dead letters"; dlq list';

-- substring(): a b-tree takes no more than 2,700 bytes.
CREATE INDEX dead_letter_unsettled_by_key ON bo.dead_letter (substring(record_key FROM 1 FOR 1000))
    WHERE state IN ('OPEN', 'REPLAYING');
COMMENT ON INDEX bo.dead_letter_unsettled_by_key IS 'Explain: the unsettled dead letters whose record key is an id';
