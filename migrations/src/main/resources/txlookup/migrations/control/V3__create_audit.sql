-- One row for each lookup, 200 or 404, written before its answer (contract.md, Audit). The audit can only grow, and shows what
-- was done to it all the same. Each writer process has a chain: every row holds the hash of the row before it and its own
-- hash, SHA-256 over all its columns and that previous hash (the canonical form is AuditHash's). "txlookup audit verify"
-- checks it. A month is a partition. A partition is dropped once it is exported, never before.

-- All of it belongs to the auditor's role, so that neither who looks up nor who owns the schema can undo its guards. Where that
-- role is not there, or is not for this login, it belongs to who migrates.
-- lint:allow not-understood because it grants on the schema and changes the role of this transaction alone
DO $$
DECLARE
    auditor text := current_database() || '_auditor';
BEGIN
    PERFORM set_config('txlookup.migrates', current_user, true);
    IF to_regrole(quote_ident(auditor)) IS NULL THEN
        RETURN;
    END IF;
    -- The parentheses keep the first THEN within the expression.
    IF (CASE WHEN current_setting('server_version_num')::integer < 160000 THEN pg_has_role(session_user, auditor, 'MEMBER')
            ELSE pg_has_role(session_user, auditor, 'SET') END) THEN
        EXECUTE format('GRANT USAGE, CREATE ON SCHEMA bo TO %I', auditor);
        PERFORM set_config('role', auditor, true);
    END IF;
END $$;

CREATE TABLE bo.audit (
    audit_id       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
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
    chain_id       bigint      NOT NULL,
    sequence       bigint      NOT NULL,
    previous_hash  bytea       NOT NULL,
    hash           bytea       NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (chain_id, sequence, recorded_at),
    CONSTRAINT audit_is_chained CHECK (sequence > 0 AND length(previous_hash) = 32 AND length(hash) = 32)
) PARTITION BY RANGE (recorded_at);
COMMENT ON INDEX bo.audit_pkey IS 'audit verify and export: the rows of each chain in their order';
COMMENT ON COLUMN bo.audit.recorded_at IS 'The server''s time, which chooses the partition. A chain''s rows are in its order, as their writer''s times are not';
COMMENT ON COLUMN bo.audit.generation IS 'The generation that answered; null where none was asked';

-- The chain's row keeps its head, so that a tail cut off is noticed; the chains are chained in turn, and the register keeps
-- their number and their head, so that a chain removed is noticed.
CREATE TABLE bo.audit_chain (
    chain_id          bigint      NOT NULL,
    started_at        timestamptz NOT NULL,
    last_sequence     bigint      NOT NULL DEFAULT 0,
    writer            text        NOT NULL,
    previous_hash     bytea       NOT NULL,
    start_hash        bytea       NOT NULL,
    head_hash         bytea       NOT NULL,
    exported_sequence bigint      NOT NULL DEFAULT 0,
    dropped_sequence  bigint      NOT NULL DEFAULT 0,
    dropped_hash      bytea,
    closed            boolean     NOT NULL DEFAULT false,
    CONSTRAINT audit_chain_pkey PRIMARY KEY (chain_id)
) WITH (fillfactor = 20);
COMMENT ON INDEX bo.audit_chain_pkey IS 'Move a chain''s head with each commit of audit rows; audit verify';
COMMENT ON COLUMN bo.audit_chain.previous_hash IS 'start_hash of the chain before; of the first chain, 32 zero bytes';
COMMENT ON COLUMN bo.audit_chain.start_hash IS 'SHA-256 over previous_hash and "chain_id|started_at in microseconds|writer"; previous_hash of the chain''s first row';
COMMENT ON COLUMN bo.audit_chain.head_hash IS 'hash of the row with last_sequence; start_hash while there is none';
COMMENT ON COLUMN bo.audit_chain.exported_sequence IS 'Rows up to here are in an export';
COMMENT ON COLUMN bo.audit_chain.dropped_sequence IS 'Rows up to here went with their partitions; dropped_hash is the hash of the last of them';
COMMENT ON COLUMN bo.audit_chain.closed IS 'It takes no row any more: the environment is being destroyed';

CREATE TABLE bo.audit_register (
    register  text        NOT NULL,
    chains    bigint      NOT NULL,
    head_hash bytea       NOT NULL,
    store_id  uuid,
    closed_at timestamptz,
    CONSTRAINT audit_register_pkey PRIMARY KEY (register),
    CONSTRAINT audit_register_is_one CHECK (register = 'audit')
);
COMMENT ON INDEX bo.audit_register_pkey IS 'Start a chain; audit verify';
COMMENT ON COLUMN bo.audit_register.store_id IS 'Tells this store from others whose audit is exported to the same place; given with the first chain';

INSERT INTO bo.audit_register (register, chains, head_hash) VALUES ('audit', 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE bo.audit_export (
    target   text        NOT NULL,
    manifest bigint      NOT NULL,
    digest   text        NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_export_pkey PRIMARY KEY (target)
);
COMMENT ON INDEX bo.audit_export_pkey IS 'Note how far an export is; refuse to destroy what is not exported';
COMMENT ON TABLE bo.audit_export IS 'The last manifest in each place that the audit was exported to';

-- As its owner: a writer needs no more than INSERT on bo.audit and UPDATE (last_sequence, head_hash) on bo.audit_chain.
CREATE FUNCTION bo.start_audit_chain(writer text) RETURNS bo.audit_chain LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    register bo.audit_register;
    started  bo.audit_chain;
BEGIN
    SELECT * INTO STRICT register FROM bo.audit_register r FOR UPDATE;
    IF register.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'The audit is closed since %, because the environment is being destroyed', register.closed_at
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    INSERT INTO bo.audit_chain (chain_id, started_at, writer, previous_hash, start_hash, head_hash)
    SELECT id, began, start_audit_chain.writer, register.head_hash, start, start
    FROM (SELECT register.chains + 1 AS id, clock_timestamp() AS began) AS chain,
        LATERAL (SELECT sha256(register.head_hash || convert_to(id || '|' || (extract(epoch FROM began) * 1000000)::bigint
            || '|' || start_audit_chain.writer, 'UTF8')) AS start) AS hashed
    RETURNING * INTO started;
    UPDATE bo.audit_register SET chains = started.chain_id, head_hash = started.start_hash,
        store_id = coalesce(store_id, gen_random_uuid());
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
        IF (NEW.chain_id, NEW.started_at, NEW.writer, NEW.previous_hash, NEW.start_hash)
            = (OLD.chain_id, OLD.started_at, OLD.writer, OLD.previous_hash, OLD.start_hash) THEN
            IF NEW.last_sequence > OLD.last_sequence AND NOT OLD.closed
                AND (NEW.exported_sequence, NEW.dropped_sequence, NEW.closed) = (OLD.exported_sequence, OLD.dropped_sequence, OLD.closed) THEN
                RETURN NEW;
            END IF;
            IF (NEW.last_sequence, NEW.head_hash) = (OLD.last_sequence, OLD.head_hash) AND NEW.closed >= OLD.closed
                AND NEW.exported_sequence BETWEEN OLD.exported_sequence AND NEW.last_sequence
                AND NEW.dropped_sequence BETWEEN OLD.dropped_sequence AND NEW.exported_sequence THEN
                RETURN NEW;
            END IF;
        END IF;
    ELSIF (OLD.store_id IS NULL OR NEW.store_id = OLD.store_id) AND (NEW.chains = OLD.chains + 1 AND OLD.closed_at IS NULL
        OR (NEW.chains, NEW.head_hash) = (OLD.chains, OLD.head_hash)) THEN
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
CREATE INDEX audit_by_time ON bo.audit (at, audit_id);
COMMENT ON INDEX bo.audit_by_time IS 'GET /admin/audit, /audit: newest first';
CREATE INDEX audit_by_actor ON bo.audit (left(actor, 255), at, audit_id);
COMMENT ON INDEX bo.audit_by_actor IS 'GET /admin/audit?actor=, /audit: newest first';
CREATE INDEX audit_by_resource ON bo.audit (left(resource_id, 255), at, audit_id);
COMMENT ON INDEX bo.audit_by_resource IS 'GET /admin/audit?resource_id=, /audit: newest first';
CREATE INDEX audit_by_correlation ON bo.audit (correlation_id COLLATE "C", at, audit_id);
COMMENT ON INDEX bo.audit_by_correlation IS 'GET /admin/search: correlation ids, exact and by prefix; GET /admin/audit?correlation_id=';
-- What is found is the rule, so that the rare results and actions cost the writer nothing.
CREATE INDEX audit_by_result ON bo.audit (result, at, audit_id) WHERE result <> 'FOUND';
COMMENT ON INDEX bo.audit_by_result IS 'GET /admin/audit?result=, /audit, other than FOUND: newest first';
CREATE INDEX audit_by_action ON bo.audit (action, at, audit_id)
    WHERE action NOT IN ('LOOKUP_TX', 'LOOKUP_PAYMENT_ORDER', 'LOOKUP_WALLET_TX');
COMMENT ON INDEX bo.audit_by_action IS 'GET /admin/audit?action=, /audit, other than the three lookups: newest first';

-- Made apart and then attached, which blocks no writer. A statement on the partition itself meets its own trigger.
CREATE FUNCTION bo.make_audit_partition(month date) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' AS $$
DECLARE
    first timestamptz := date_trunc('month', month::timestamp);
    made  text := 'audit_' || to_char(first, 'YYYY_MM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('bo.audit partitions', 0));
    IF to_regclass('bo.' || made) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE bo.%I (LIKE bo.audit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', made);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON bo.%I FROM PUBLIC, CURRENT_USER', made);
    EXECUTE format('ALTER TABLE bo.audit ATTACH PARTITION bo.%I FOR VALUES FROM (%L) TO (%L)', made, first,
        first + interval '1 month');
    EXECUTE format('CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON bo.%I
        FOR EACH STATEMENT EXECUTE FUNCTION bo.refuse_to_change_the_audit()', made);
    EXECUTE format('ALTER TABLE bo.%I ENABLE ALWAYS TRIGGER audit_only_grows', made);
    RETURN true;
END $$;

CREATE FUNCTION bo.make_audit_partitions() RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' AS $$
DECLARE
    made integer := 0;
BEGIN
    FOR ahead IN 0..2 LOOP
        IF bo.make_audit_partition((date_trunc('month', now()) + make_interval(months => ahead))::date) THEN
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;

-- Each chain remembers the last row that went, so that it can be verified from there on. Readers are waited for briefly.
CREATE FUNCTION bo.drop_audit_partition(month date) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC' SET lock_timeout = '1s' AS $$
DECLARE
    gone  text := 'audit_' || to_char(month, 'YYYY_MM');
    going record;
    chain bo.audit_chain;
    rows  bigint := 0;
BEGIN
    IF to_regclass('bo.' || gone) IS NULL THEN
        RETURN 0;
    END IF;
    IF month >= date_trunc('month', now())::date THEN
        RAISE EXCEPTION 'Partition bo.% is not over and stays', gone USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    EXECUTE format('LOCK TABLE bo.%I IN SHARE ROW EXCLUSIVE MODE', gone);
    FOR going IN EXECUTE format('SELECT chain_id, min(sequence) AS first, max(sequence) AS last, count(*) AS rows FROM bo.%I
        GROUP BY chain_id', gone) LOOP
        SELECT * INTO STRICT chain FROM bo.audit_chain c WHERE c.chain_id = going.chain_id FOR UPDATE;
        IF going.last > chain.exported_sequence THEN
            RAISE EXCEPTION 'Partition bo.% holds rows of chain % up to %, and only those up to % are exported', gone,
                chain.chain_id, going.last, chain.exported_sequence USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Run txlookup audit export first.';
        END IF;
        IF going.first <> chain.dropped_sequence + 1 OR going.rows <> going.last - going.first + 1 THEN
            RAISE EXCEPTION 'Partition bo.% holds rows % to % of chain %, which is dropped up to %', gone, going.first,
                going.last, chain.chain_id, chain.dropped_sequence USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'Drop the partition that holds the rows between first, or run txlookup audit verify.';
        END IF;
        EXECUTE format('UPDATE bo.audit_chain SET dropped_sequence = $1, dropped_hash =
            (SELECT hash FROM bo.%I WHERE chain_id = $2 AND sequence = $1) WHERE chain_id = $2', gone)
            USING going.last, going.chain_id;
        rows := rows + going.rows;
    END LOOP;
    EXECUTE format('DROP TABLE bo.%I', gone);
    RETURN rows;
END $$;

CREATE FUNCTION bo.note_audit_export(target text, manifest bigint, digest text, chains bigint[], sequences bigint[])
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO bo.audit_export AS known (target, manifest, digest) VALUES ($1, $2, $3)
    ON CONFLICT ON CONSTRAINT audit_export_pkey DO UPDATE SET manifest = $2, digest = $3, at = now();
    UPDATE bo.audit_chain SET exported_sequence = exported.sequence
    FROM unnest($4, $5) AS exported (chain_id, sequence)
    WHERE audit_chain.chain_id = exported.chain_id AND audit_chain.exported_sequence < exported.sequence
$$;

-- A writer's commit that is under way is waited for; every later one is refused.
CREATE FUNCTION bo.close_audit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE bo.audit_register SET closed_at = now() WHERE closed_at IS NULL;
    UPDATE bo.audit_chain SET closed = true WHERE NOT closed
$$;

-- Writers start new chains.
CREATE FUNCTION bo.open_audit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE bo.audit_register SET closed_at = NULL WHERE closed_at IS NOT NULL
$$;

-- lint:allow not-understood because the tables that it makes are new and empty
SELECT bo.make_audit_partitions();

-- lint:allow not-understood because it grants on what this revision made
DO $$
DECLARE
    reader  text := quote_ident(current_database() || '_reader');
    auditor text := quote_ident(current_database() || '_auditor');
    change  text;
BEGIN
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bo FROM PUBLIC;
    IF to_regrole(auditor) IS NOT NULL THEN
        FOREACH change IN ARRAY ARRAY[
            -- A lookup is audited by who reads; nobody changes what was written.
            'GRANT SELECT, INSERT ON bo.audit TO ' || reader,
            'GRANT SELECT, UPDATE (last_sequence, head_hash) ON bo.audit_chain TO ' || reader,
            'GRANT SELECT ON bo.audit_register, bo.audit_export TO ' || reader,
            'GRANT EXECUTE ON FUNCTION bo.start_audit_chain(text), bo.make_audit_partitions() TO ' || reader,
            'GRANT SELECT ON bo.audit, bo.audit_chain, bo.audit_register, bo.audit_export TO ' || auditor,
            'GRANT EXECUTE ON FUNCTION bo.make_audit_partition(date), bo.drop_audit_partition(date), bo.close_audit(),
                bo.open_audit(), bo.note_audit_export(text, bigint, text, bigint[], bigint[]) TO ' || auditor]
        LOOP
            EXECUTE change;
        END LOOP;
    END IF;
    PERFORM set_config('role', current_setting('txlookup.migrates'), true);
END $$;
