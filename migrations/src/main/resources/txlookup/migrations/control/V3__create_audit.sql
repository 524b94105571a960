-- One row for each lookup, 200 or 404, written before its answer (contract.md, Audit).
CREATE TABLE bo.audit (
    audit_id       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    at             timestamptz NOT NULL,
    actor          text        NOT NULL,
    roles          text[]      NOT NULL,
    ip             text,
    user_agent     text,
    action         text        NOT NULL,
    resource_type  text        NOT NULL,
    resource_id    text        NOT NULL,
    method         text        NOT NULL,
    path           text        NOT NULL,
    query          text,
    result         text        NOT NULL,
    status_code    integer     NOT NULL,
    duration_ms    integer     NOT NULL,
    result_count   integer     NOT NULL,
    correlation_id text        NOT NULL,
    generation     bigint,
    CONSTRAINT audit_pkey PRIMARY KEY (audit_id)
);
COMMENT ON INDEX bo.audit_pkey IS 'Audit viewer: newest first';
COMMENT ON COLUMN bo.audit.generation IS 'The generation that answered; null where none was asked';
