-- Copies of what rebuilds and gates left behind, for readers of the store. The folder of the evidence has the originals and
-- the register that proves them whole; it also fills this table again after the store was made anew.
CREATE TABLE bo.evidence (
    evidence_id bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    act         text        NOT NULL,
    generation  bigint,
    verdict     text        NOT NULL,
    cause       text,
    t_cutover   timestamptz,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz NOT NULL,
    hash        text        NOT NULL,
    bundle      json        NOT NULL,
    CONSTRAINT evidence_pkey PRIMARY KEY (evidence_id),
    CONSTRAINT evidence_hash UNIQUE (hash),
    CONSTRAINT evidence_act CHECK (act IN ('rebuild', 'slo-gate'))
);
COMMENT ON INDEX bo.evidence_pkey IS 'One bundle, by its number';
COMMENT ON INDEX bo.evidence_hash IS 'Which bundles are copied already';
COMMENT ON COLUMN bo.evidence.generation IS 'Not a reference: a rebuild may end before the registry knows its generation';
COMMENT ON COLUMN bo.evidence.hash IS 'The last entry''s, with which the bundle is in the register';
COMMENT ON COLUMN bo.evidence.bundle IS 'As it was written, so that its hashes can be followed: json, because jsonb would write numbers anew';

CREATE INDEX evidence_newest ON bo.evidence (act, generation DESC, ended_at DESC);
COMMENT ON INDEX bo.evidence_newest IS 'The rebuilds, newest first; one generation''s rebuild and gates';
