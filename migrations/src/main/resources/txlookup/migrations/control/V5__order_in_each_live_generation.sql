-- What people order about dead letters is not in the log: it is carried out in each generation that takes events, or a
-- switch would undo it. An act for each stands open until its order has ended there, and is in the way of a switch to it.
-- The dead letters of another generation have other numbers: they are found by where their records came from.
CREATE FUNCTION bo.order_in_each_live_generation(own text, run bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    ordered record;
    other   record;
    ids     bigint[];
    act     bigint;
BEGIN
    PERFORM 1 FROM bo.serving FOR UPDATE;
    EXECUTE format('SELECT * FROM %I.dead_letter_run WHERE run_id = $1', own) INTO STRICT ordered USING run;
    FOR other IN SELECT generation, 'g' || generation AS schema_name FROM bo.generation
                 WHERE state IN ('CATCHING_UP', 'READY') OR 'g' || generation = own ORDER BY generation LOOP
        ids := ordered.only_ids;
        IF other.schema_name <> own AND ids IS NOT NULL THEN
            EXECUTE format('SELECT array_agg(theirs.dead_letter_id)'
                ' FROM %1$I.dead_letter theirs JOIN %1$I.coverage their_source USING (source_id)'
                ' WHERE (their_source.kind, their_source.name, their_source.partition, theirs.position) IN'
                ' (SELECT source.kind, source.name, source.partition, letter.position'
                ' FROM %2$I.dead_letter letter JOIN %2$I.coverage source USING (source_id)'
                ' WHERE letter.dead_letter_id = ANY ($1))', other.schema_name, own) INTO ids USING ids;
            CONTINUE WHEN ids IS NULL;
        END IF;
        INSERT INTO bo.act (kind, target, actor, reason) VALUES (ordered.action, other.generation, ordered.actor, ordered.note)
            RETURNING act_id INTO act;
        IF other.schema_name = own THEN
            EXECUTE format('UPDATE %I.dead_letter_run SET act_id = $1 WHERE run_id = $2', own) USING act, run;
        ELSE
            EXECUTE format('INSERT INTO %I.dead_letter_run'
                ' (act_id, action, actor, note, per_second, only_ids, only_reason, only_source, patch)'
                ' VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)', other.schema_name)
                USING act, ordered.action, ordered.actor, ordered.note, ordered.per_second, ids, ordered.only_reason,
                    ordered.only_source, ordered.patch;
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION bo.end_order(ended_act bigint, why text) RETURNS void LANGUAGE sql
    SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE bo.act SET ended_at = clock_timestamp(), outcome = CASE WHEN why IS NULL THEN 'DONE' ELSE 'FAILED' END,
        detail = why WHERE act_id = ended_act AND ended_at IS NULL
$$;
