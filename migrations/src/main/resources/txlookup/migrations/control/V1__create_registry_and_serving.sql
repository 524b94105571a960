-- The registry outlives the generations. A generation is one rebuild: its number is T_cutover as yyyyMMddHHmmss (UTC), its
-- rows are in a schema of its own, "g" and the number. Nothing there refers to a table here: dropping it would lock that.
CREATE TABLE bo.generation (
    generation     bigint      NOT NULL,
    env            text        NOT NULL,
    owner          text        NOT NULL,
    consumer_group text        NOT NULL,
    event_profile  text        NOT NULL,
    t_cutover      timestamptz NOT NULL,
    as_of          timestamptz,
    state          text        NOT NULL,
    detail         text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT generation_pkey PRIMARY KEY (generation),
    CONSTRAINT generation_state CHECK (state IN ('PLANNED', 'MIGRATED', 'ANCHORED', 'BACKFILLING', 'CATCHING_UP',
        'READY', 'RETIRING', 'RETIRED', 'FAILED'))
);
COMMENT ON INDEX bo.generation_pkey IS 'The registry: find, lock and list a generation';
COMMENT ON COLUMN bo.generation.as_of IS 'When the files were read that it is loaded from; null where the run read its source itself';

CREATE TABLE bo.generation_transition (
    generation bigint      NOT NULL REFERENCES bo.generation,
    state      text        NOT NULL,
    detail     text,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The one row that says what people read. Every act locks it first. The epoch rises with each change, so that a process
-- can say which change it has seen.
CREATE TABLE bo.serving (
    only_row   boolean     NOT NULL DEFAULT true,
    generation bigint      REFERENCES bo.generation,
    way_back   bigint      REFERENCES bo.generation,
    candidate  bigint      REFERENCES bo.generation,
    share      integer     NOT NULL DEFAULT 0,
    epoch      bigint      NOT NULL DEFAULT 0,
    since      timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT serving_pkey PRIMARY KEY (only_row),
    CONSTRAINT serving_is_one CHECK (only_row),
    CONSTRAINT serving_share CHECK (share BETWEEN 0 AND 100 AND (share = 0 OR candidate IS NOT NULL)),
    CONSTRAINT serving_apart CHECK (generation <> way_back AND generation <> candidate AND way_back <> candidate)
);
COMMENT ON INDEX bo.serving_pkey IS 'Which generation serves: read by each process four times a second, locked by each act';
COMMENT ON COLUMN bo.serving.generation IS 'What answers; null while none does';
COMMENT ON COLUMN bo.serving.way_back IS 'What answered before, kept current so that a switch can be taken back';
COMMENT ON COLUMN bo.serving.candidate IS 'What answers a share of the lookups on trial';
COMMENT ON COLUMN bo.serving.share IS 'Per cent of the lookups that the candidate answers';

INSERT INTO bo.serving DEFAULT VALUES;

-- What serves is ACTIVE and the way back DRAINING for whoever looks, and stored nowhere but in the row above.
CREATE VIEW bo.generations AS
SELECT g.generation, g.env, g.owner, g.consumer_group, g.event_profile, g.t_cutover, g.as_of,
       CASE WHEN g.state <> 'READY' THEN g.state WHEN g.generation = s.generation THEN 'ACTIVE'
            WHEN g.generation = s.way_back THEN 'DRAINING' ELSE g.state END AS state,
       g.detail, g.created_at, g.updated_at
FROM bo.generation g CROSS JOIN bo.serving s;

-- Each schema as the last migration left it, so that a change by other hands is seen.
CREATE TABLE bo.shape (
    schema_name   text        NOT NULL,
    head          integer     NOT NULL,
    oldest_reader integer     NOT NULL,
    digests       jsonb       NOT NULL,
    written_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT shape_pkey PRIMARY KEY (schema_name)
);
COMMENT ON INDEX bo.shape_pkey IS 'Each schema''s shape: status, the gate, the start of a build';
COMMENT ON COLUMN bo.shape.head IS 'The newest revision in it';
COMMENT ON COLUMN bo.shape.oldest_reader IS 'The oldest head of a build that finds in it all that it uses';
COMMENT ON COLUMN bo.shape.digests IS 'SHA-256 of each part of its catalogue: columns, indexes, grants and the others';

-- Whoever changes what serves, by a command or by hand, cannot bring about what no act may (docs/architecture.md, Acts):
-- only a READY generation answers lookups, one that is in use stays READY, and a retirement is never taken back.
CREATE FUNCTION bo.guard_serving() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    unready text;
BEGIN
    SELECT string_agg(generation || ' is ' || state, ', ') INTO unready FROM bo.generation
    WHERE state <> 'READY' AND (generation = NEW.generation AND NEW.generation IS DISTINCT FROM OLD.generation
        OR generation = NEW.candidate AND NEW.candidate IS DISTINCT FROM OLD.candidate);
    IF unready IS NOT NULL THEN
        RAISE EXCEPTION 'a generation serves once it is READY: %', unready USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'the epoch of bo.serving only rises: % after %', NEW.epoch, OLD.epoch USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER serving_is_guarded BEFORE UPDATE ON bo.serving FOR EACH ROW EXECUTE FUNCTION bo.guard_serving();
ALTER TABLE bo.serving ENABLE ALWAYS TRIGGER serving_is_guarded;

CREATE FUNCTION bo.guard_generation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    serving bo.serving;
BEGIN
    IF OLD.state = 'RETIRED' OR OLD.state = 'RETIRING' AND NEW.state <> 'RETIRED' THEN
        RAISE EXCEPTION 'generation % is % and cannot become %', OLD.generation, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', HINT = 'A new one is made with txlookup rebuild.';
    END IF;
    IF OLD.state = 'READY' THEN
        -- Waits for an act that is under way.
        SELECT * INTO STRICT serving FROM bo.serving FOR UPDATE;
        IF OLD.generation IN (serving.generation, serving.way_back, serving.candidate) THEN
            RAISE EXCEPTION 'generation % is in use and stays READY; it was to become %', OLD.generation, NEW.state
                USING ERRCODE = 'check_violation', HINT = 'Switch to another one first.';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER generation_is_guarded BEFORE UPDATE ON bo.generation FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION bo.guard_generation();
ALTER TABLE bo.generation ENABLE ALWAYS TRIGGER generation_is_guarded;

CREATE FUNCTION bo.refuse_to_empty_the_registry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on bo.% is refused: the registry outlives its generations', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER serving_stays BEFORE INSERT OR DELETE OR TRUNCATE ON bo.serving
    FOR EACH STATEMENT EXECUTE FUNCTION bo.refuse_to_empty_the_registry();
ALTER TABLE bo.serving ENABLE ALWAYS TRIGGER serving_stays;
CREATE TRIGGER generation_stays BEFORE DELETE OR TRUNCATE ON bo.generation
    FOR EACH STATEMENT EXECUTE FUNCTION bo.refuse_to_empty_the_registry();
ALTER TABLE bo.generation ENABLE ALWAYS TRIGGER generation_stays;
