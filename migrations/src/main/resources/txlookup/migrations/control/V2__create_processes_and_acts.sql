-- Who runs, and which change of bo.serving each has seen. A row whose heartbeat is older than a lease counts as gone.
CREATE TABLE bo.process (
    process_id         text        NOT NULL,
    kind               text        NOT NULL,
    address            text,
    generation         bigint,
    build              text        NOT NULL,
    epoch              bigint      NOT NULL DEFAULT 0,
    prepared           bigint[]    NOT NULL DEFAULT '{}',
    started_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    heartbeat_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    serving_lookups    bigint      NOT NULL DEFAULT 0,
    serving_errors     bigint      NOT NULL DEFAULT 0,
    serving_p95_ms     numeric     NOT NULL DEFAULT 0,
    candidate_lookups  bigint      NOT NULL DEFAULT 0,
    candidate_errors   bigint      NOT NULL DEFAULT 0,
    candidate_p95_ms   numeric     NOT NULL DEFAULT 0,
    shadow_reads       bigint      NOT NULL DEFAULT 0,
    shadow_differences bigint      NOT NULL DEFAULT 0,
    CONSTRAINT process_pkey PRIMARY KEY (process_id),
    CONSTRAINT process_kind CHECK (kind IN ('API', 'CONSUMER'))
) WITH (fillfactor = 20);
COMMENT ON INDEX bo.process_pkey IS 'A heartbeat; who runs';
COMMENT ON COLUMN bo.process.process_id IS 'Made anew at each start of a process';
COMMENT ON COLUMN bo.process.generation IS 'The generation that a consumer applies; null for an API process';
COMMENT ON COLUMN bo.process.epoch IS 'bo.serving.epoch by which it answers now';
COMMENT ON COLUMN bo.process.prepared IS 'The generations that it has warm connections to: it can answer from them at once';
COMMENT ON COLUMN bo.process.serving_lookups IS 'Since the epoch: what the serving generation answered; p95 of the last minute';
COMMENT ON COLUMN bo.process.candidate_lookups IS 'Since the epoch: what the candidate was asked; errors include answers that came too late';

-- What people or a watch did to generations. A row without an end is under way: the same command continues it.
CREATE TABLE bo.act (
    act_id          bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind            text        NOT NULL,
    target          bigint,
    parameters      jsonb       NOT NULL DEFAULT '{}',
    actor           text        NOT NULL,
    reason          text,
    idempotency_key text,
    epoch_before    bigint,
    epoch_after     bigint,
    requested_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at        timestamptz,
    outcome         text,
    detail          text,
    CONSTRAINT act_pkey PRIMARY KEY (act_id),
    CONSTRAINT act_idempotency_key UNIQUE (idempotency_key),
    CONSTRAINT act_kind CHECK (kind IN ('REBUILD', 'SWITCH', 'SHARE', 'ROLLBACK', 'TAKE_BACK', 'RETIRE', 'REPROCESS',
        'REPLAY', 'DISCARD', 'REPAIR', 'LATE_LOAD')),
    CONSTRAINT act_outcome CHECK (outcome IN ('DONE', 'TAKEN_BACK', 'REFUSED', 'FAILED')),
    CONSTRAINT act_ends_with_an_outcome CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
COMMENT ON INDEX bo.act_pkey IS 'One act; the newest acts';
COMMENT ON INDEX bo.act_idempotency_key IS 'The same key gives the same act';
COMMENT ON COLUMN bo.act.target IS 'The generation that it is about';
COMMENT ON COLUMN bo.act.epoch_after IS 'bo.serving.epoch that it made; null where it changed nothing there';

CREATE INDEX act_open ON bo.act (kind, target) WHERE ended_at IS NULL;
COMMENT ON INDEX bo.act_open IS 'The acts under way: continued by the same command, and in the way of a switch';
