-- One order to replay or discard dead letters, or to try a replay out: who, why, which, and what became of them. It is
-- there before its work begins: an interrupted one is seen and gone on with, and one asked for in the console waits here
-- for a process that may write. A process that carries out an order holds it by a lease, renewed while it works. Once the
-- lease is over, another process resumes the order behind done_to.
CREATE TABLE dead_letter_run (
    run_id       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    act_id       bigint,
    action       text        NOT NULL,
    actor        text        NOT NULL,
    note         text,
    idempotency_key text,
    takes_two    boolean     NOT NULL DEFAULT false,
    second_actor text,
    dry_run      boolean     NOT NULL DEFAULT false,
    trial_id     bigint,
    patch        text,
    only_ids     bigint[],
    only_reason  text,
    only_source  text,
    runner       text,
    per_second   integer     NOT NULL DEFAULT 0,
    takes        integer     NOT NULL DEFAULT 0,
    tries        integer     NOT NULL DEFAULT 0,
    leased_until timestamptz,
    up_to        bigint,
    done_to      bigint      NOT NULL DEFAULT 0,
    failure      text,
    selected     bigint      NOT NULL DEFAULT 0,
    resolved     bigint      NOT NULL DEFAULT 0,
    superseded   bigint      NOT NULL DEFAULT 0,
    refused      bigint      NOT NULL DEFAULT 0,
    discarded    bigint      NOT NULL DEFAULT 0,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at     timestamptz,
    CONSTRAINT dead_letter_run_pkey PRIMARY KEY (run_id),
    CONSTRAINT dead_letter_run_idempotency_key UNIQUE (idempotency_key),
    CONSTRAINT dead_letter_run_names_some CHECK (cardinality(only_ids) > 0),
    CONSTRAINT dead_letter_run_patches_one CHECK (patch IS NULL OR cardinality(only_ids) = 1),
    CONSTRAINT dead_letter_run_action CHECK (action IN ('REPLAY', 'DISCARD')),
    CONSTRAINT dead_letter_run_two_people CHECK (second_actor <> actor),
    CONSTRAINT dead_letter_run_ends_by_two CHECK (
        NOT takes_two OR ended_at IS NULL OR second_actor IS NOT NULL OR failure IS NOT NULL)
);
COMMENT ON INDEX dead_letter_run_idempotency_key IS 'The same key gives the same order';
COMMENT ON COLUMN dead_letter_run.trial_id IS 'The trial that a replay repeats, with exactly the dead letters that it tried';
COMMENT ON COLUMN dead_letter_run.patch IS
    'What is applied in the place of the one dead letter''s value, which stays as it came; null for its value';
COMMENT ON COLUMN dead_letter_run.takes_two IS 'Whether nothing happens before a second person confirms it';
COMMENT ON COLUMN dead_letter_run.second_actor IS 'Who confirmed it; null where nobody had to, or nobody has yet';
COMMENT ON COLUMN dead_letter_run.per_second IS 'Most dead letters per second; 0 sets no limit';
COMMENT ON COLUMN dead_letter_run.takes IS 'How often a process took the order: the newest one holds it';
COMMENT ON COLUMN dead_letter_run.tries IS 'How often a process took the order since done_to last moved';
COMMENT ON COLUMN dead_letter_run.leased_until IS 'Until when its process holds the order; null while no process does';
COMMENT ON COLUMN dead_letter_run.up_to IS 'The last dead letter that there was when the order was first taken';
COMMENT ON COLUMN dead_letter_run.done_to IS 'The last dead letter that the order is done with; they are taken by number';
COMMENT ON COLUMN dead_letter_run.failure IS 'Why the order ended before all were done; null when it did not fail';
COMMENT ON COLUMN dead_letter_run.act_id IS 'bo.act, where the order is for all live generations; null where it is for this one alone';
COMMENT ON INDEX dead_letter_run_pkey IS 'One run, by the number that people use; dlq runs: newest first';

-- What a trial tried, so that its replay takes exactly these.
CREATE TABLE dead_letter_trial (
    run_id         bigint NOT NULL REFERENCES dead_letter_run,
    dead_letter_id bigint NOT NULL,
    CONSTRAINT dead_letter_trial_pkey PRIMARY KEY (run_id, dead_letter_id)
);
COMMENT ON INDEX dead_letter_trial_pkey IS 'What a trial tried';

-- What could not be decoded or stored, with its bytes as they came and the reason of contract.md.
CREATE TABLE dead_letter (
    dead_letter_id bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    source_id      integer     NOT NULL REFERENCES coverage,
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
    run_id         bigint      REFERENCES dead_letter_run,
    CONSTRAINT dead_letter_pkey PRIMARY KEY (dead_letter_id),
    CONSTRAINT dead_letter_coordinates UNIQUE (source_id, position),
    CONSTRAINT dead_letter_state CHECK (state IN ('OPEN', 'REPLAYING', 'RESOLVED', 'SUPERSEDED', 'DISCARDED')),
    CONSTRAINT dead_letter_reason CHECK (reason IN ('parse_error', 'contract_core_violation', 'unsupported_topic',
        'tombstone', 'future_timestamp', 'value_out_of_range', 'processing_failure'))
);

COMMENT ON INDEX dead_letter_pkey IS 'One dead letter, by the number that people use';
COMMENT ON INDEX dead_letter_coordinates IS 'A record is dead-lettered once, however often it is delivered';

CREATE INDEX dead_letter_unsettled ON dead_letter (source_id) WHERE state IN ('OPEN', 'REPLAYING');
CREATE INDEX dead_letter_unsettled_by_number ON dead_letter (dead_letter_id) WHERE state IN ('OPEN', 'REPLAYING');
COMMENT ON INDEX dead_letter_unsettled_by_number IS 'The console''s list: the newest of those that are open, behind many that are not';

COMMENT ON INDEX dead_letter_unsettled IS 'The gate "no open dead letters"; dlq list';

-- substring(): a b-tree takes no more than 2,700 bytes.
CREATE INDEX dead_letter_unsettled_by_key ON dead_letter (substring(record_key FROM 1 FOR 1000))
    WHERE state IN ('OPEN', 'REPLAYING');
COMMENT ON INDEX dead_letter_unsettled_by_key IS 'Explain: the unsettled dead letters whose record key is an id';
