-- What verify found: one row a pass. A generation is verified through the end of the contiguous union of its passing
-- windows, so a pass that failed, or left a hole, moves nothing.
CREATE TABLE verification (
    verification_id bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    against         text        NOT NULL,
    judged_from     timestamptz,
    judged_through  timestamptz NOT NULL,
    rows_judged     bigint      NOT NULL,
    differences     bigint      NOT NULL,
    passed          boolean     NOT NULL,
    evidence        text,
    found           json,
    verified_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT verification_pkey PRIMARY KEY (verification_id)
);
COMMENT ON INDEX verification_pkey IS 'One pass, by its number';
COMMENT ON COLUMN verification.against IS 'What the store was compared with: files, tables, another store, the log, generation <number>';
COMMENT ON COLUMN verification.evidence IS 'Against a generation: SHA-256 of found, by which its differences are accepted';
COMMENT ON COLUMN verification.found IS 'Against a generation: the report with each key; json, because jsonb would write it anew';
COMMENT ON COLUMN verification.judged_from IS 'Rows whose order time is earlier were not judged; null: from the beginning';
COMMENT ON COLUMN verification.judged_through IS 'Rows whose order time is later were not judged: they may be in flight';

CREATE INDEX verification_passed ON verification (judged_through) WHERE passed;
COMMENT ON INDEX verification_passed IS 'How far a generation is verified';

-- Rows that verify set aside, with everything that they held. An EXTRA row is copied and stays where it is, for the
-- contract knows no deletes and the store must not forget what the source may only have archived. A FIELD row is copied
-- before the source's snapshot takes its place.
CREATE TABLE quarantine (
    quarantine_id  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    entity         text        NOT NULL,
    key            text COLLATE "C" NOT NULL,
    difference     text        NOT NULL,
    against        text        NOT NULL,
    digest         bigint      NOT NULL,
    content        jsonb       NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT quarantine_pkey PRIMARY KEY (quarantine_id),
    CONSTRAINT quarantine_entity CHECK (entity IN ('LEDGER_ENTRY', 'PAYMENT_ORDER')),
    CONSTRAINT quarantine_difference CHECK (difference IN ('EXTRA', 'FIELD'))
);
COMMENT ON INDEX quarantine_pkey IS 'One quarantined row, by its number';

CREATE UNIQUE INDEX quarantine_extra ON quarantine (entity, key, digest) WHERE difference = 'EXTRA';
COMMENT ON INDEX quarantine_extra IS 'An extra row is quarantined once, and the next pass knows that it is';
