-- One row for each lookup, 200 or 404, written before its answer (contract.md, Audit). The audit can only grow, and shows what
-- was done to it all the same. Each writer process has a chain: every row holds the hash of the row before it and its own
-- hash, SHA-256 over all its columns and that previous hash (the canonical form is AuditChain's). "txlookup audit verify"
-- checks it.
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
    chain_id       bigint,
    sequence       bigint,
    previous_hash  bytea,
    hash           bytea,
    CONSTRAINT audit_pkey PRIMARY KEY (audit_id),
    CONSTRAINT audit_is_chained CHECK (chain_id IS NOT NULL AND sequence > 0 AND length(previous_hash) = 32
        AND length(hash) = 32)
);
COMMENT ON INDEX bo.audit_pkey IS 'Audit viewer: newest first';
COMMENT ON COLUMN bo.audit.generation IS 'The generation that answered; null where none was asked';

-- The chain's row keeps its head, so that a tail cut off is noticed; the chains are chained in turn, and the register keeps
-- their number and their head, so that a chain removed is noticed.
CREATE TABLE bo.audit_chain (
    chain_id      bigint      NOT NULL,
    started_at    timestamptz NOT NULL,
    last_sequence bigint      NOT NULL DEFAULT 0,
    writer        text        NOT NULL,
    previous_hash bytea       NOT NULL,
    start_hash    bytea       NOT NULL,
    head_hash     bytea       NOT NULL,
    CONSTRAINT audit_chain_pkey PRIMARY KEY (chain_id)
) WITH (fillfactor = 20);
COMMENT ON INDEX bo.audit_chain_pkey IS 'Move a chain''s head with each commit of audit rows; audit verify';
COMMENT ON COLUMN bo.audit_chain.previous_hash IS 'start_hash of the chain before; of the first chain, 32 zero bytes';
COMMENT ON COLUMN bo.audit_chain.start_hash IS 'SHA-256 over previous_hash and "chain_id|started_at in microseconds|writer"; previous_hash of the chain''s first row';
COMMENT ON COLUMN bo.audit_chain.head_hash IS 'hash of the row with last_sequence; start_hash while there is none';

CREATE TABLE bo.audit_register (
    register       text   NOT NULL,
    chains         bigint NOT NULL,
    rows_unchained bigint NOT NULL,
    head_hash      bytea  NOT NULL,
    CONSTRAINT audit_register_pkey PRIMARY KEY (register),
    CONSTRAINT audit_register_is_one CHECK (register = 'audit')
);
COMMENT ON INDEX bo.audit_register_pkey IS 'Start a chain; audit verify';
COMMENT ON COLUMN bo.audit_register.rows_unchained IS 'Rows written before there were chains';

INSERT INTO bo.audit_register (register, chains, rows_unchained, head_hash)
VALUES ('audit', 0, 0, decode(repeat('00', 32), 'hex'));

-- As its owner: a writer needs no more than INSERT on bo.audit and UPDATE (last_sequence, head_hash) on bo.audit_chain.
CREATE FUNCTION bo.start_audit_chain(writer text) RETURNS bo.audit_chain LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    register bo.audit_register;
    started  bo.audit_chain;
BEGIN
    SELECT * INTO STRICT register FROM bo.audit_register r FOR UPDATE;
    started.chain_id := register.chains + 1;
    started.started_at := clock_timestamp();
    started.last_sequence := 0;
    started.writer := writer;
    started.previous_hash := register.head_hash;
    started.start_hash := sha256(register.head_hash || convert_to(
        started.chain_id || '|' || (extract(epoch FROM started.started_at) * 1000000)::bigint || '|' || writer, 'UTF8'));
    started.head_hash := started.start_hash;
    INSERT INTO bo.audit_chain SELECT started.*;
    UPDATE bo.audit_register SET chains = started.chain_id, head_hash = started.start_hash;
    RETURN started;
END $$;

CREATE FUNCTION bo.refuse_to_change_the_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on bo.% is refused: the audit can only grow', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'A wrong row stays; what was wrong about it is said elsewhere.';
END $$;

CREATE FUNCTION bo.let_audit_heads_only_advance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'audit_chain' THEN
        IF NEW.last_sequence > OLD.last_sequence
            AND (NEW.chain_id, NEW.started_at, NEW.writer, NEW.previous_hash, NEW.start_hash)
              = (OLD.chain_id, OLD.started_at, OLD.writer, OLD.previous_hash, OLD.start_hash) THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.chains = OLD.chains + 1 AND NEW.rows_unchained = OLD.rows_unchained THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'UPDATE on bo.% is refused: the audit can only grow', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'A wrong row stays; what was wrong about it is said elsewhere.';
END $$;

-- Nobody holds these privileges but an owner that grants them to itself again, or a superuser: for them there are the
-- triggers, which ENABLE ALWAYS keeps from being bypassed by session_replication_role.
REVOKE UPDATE, DELETE, TRUNCATE ON bo.audit FROM PUBLIC, CURRENT_USER;
REVOKE DELETE, TRUNCATE ON bo.audit_chain, bo.audit_register FROM PUBLIC, CURRENT_USER;

CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON bo.audit
    FOR EACH STATEMENT EXECUTE FUNCTION bo.refuse_to_change_the_audit();
ALTER TABLE bo.audit ENABLE ALWAYS TRIGGER audit_only_grows;

CREATE TRIGGER audit_chain_only_grows BEFORE DELETE OR TRUNCATE ON bo.audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION bo.refuse_to_change_the_audit();
ALTER TABLE bo.audit_chain ENABLE ALWAYS TRIGGER audit_chain_only_grows;
CREATE TRIGGER audit_chain_only_advances BEFORE UPDATE ON bo.audit_chain
    FOR EACH ROW EXECUTE FUNCTION bo.let_audit_heads_only_advance();
ALTER TABLE bo.audit_chain ENABLE ALWAYS TRIGGER audit_chain_only_advances;

CREATE TRIGGER audit_register_only_grows BEFORE DELETE OR TRUNCATE ON bo.audit_register
    FOR EACH STATEMENT EXECUTE FUNCTION bo.refuse_to_change_the_audit();
ALTER TABLE bo.audit_register ENABLE ALWAYS TRIGGER audit_register_only_grows;
CREATE TRIGGER audit_register_only_advances BEFORE UPDATE ON bo.audit_register
    FOR EACH ROW EXECUTE FUNCTION bo.let_audit_heads_only_advance();
ALTER TABLE bo.audit_register ENABLE ALWAYS TRIGGER audit_register_only_advances;

-- left(): a b-tree takes no more than 2,700 bytes, and an id in a request may be longer.
CREATE UNIQUE INDEX audit_by_chain ON bo.audit (chain_id, sequence);
COMMENT ON INDEX bo.audit_by_chain IS 'audit verify: the rows of each chain in their order; one row a place';
CREATE INDEX audit_by_actor ON bo.audit (left(actor, 255), audit_id);
COMMENT ON INDEX bo.audit_by_actor IS 'GET /admin/audit?actor=: newest first';
CREATE INDEX audit_by_resource ON bo.audit (left(resource_id, 255), audit_id);
COMMENT ON INDEX bo.audit_by_resource IS 'GET /admin/audit?resource_id=: newest first';
CREATE INDEX audit_by_correlation ON bo.audit (correlation_id COLLATE "C");
COMMENT ON INDEX bo.audit_by_correlation IS 'GET /admin/search: correlation ids, exact and by prefix';
