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
    CONSTRAINT dead_letter_pkey PRIMARY KEY (dead_letter_id),
    CONSTRAINT dead_letter_coordinates UNIQUE (source_id, position),
    CONSTRAINT dead_letter_state CHECK (state IN ('OPEN', 'REPLAYING', 'RESOLVED', 'SUPERSEDED', 'DISCARDED')),
    CONSTRAINT dead_letter_reason CHECK (reason IN ('parse_error', 'contract_core_violation', 'unsupported_topic',
        'tombstone', 'future_timestamp', 'value_out_of_range'))
);

COMMENT ON INDEX bo.dead_letter_pkey IS 'One dead letter, by the number that people use';
COMMENT ON INDEX bo.dead_letter_coordinates IS 'A record is dead-lettered once, however often it is delivered';

CREATE INDEX dead_letter_unsettled ON bo.dead_letter (source_id) WHERE state IN ('OPEN', 'REPLAYING');
COMMENT ON INDEX bo.dead_letter_unsettled IS 'The gate "no open dead letters"; dlq list';
