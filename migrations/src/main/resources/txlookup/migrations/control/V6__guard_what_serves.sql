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
