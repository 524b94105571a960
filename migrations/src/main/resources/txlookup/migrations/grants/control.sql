-- Who may do what in the control schema. The owner owns it, and owns what the functions change.
DO $$
DECLARE
    writer   text := quote_ident(current_database() || '_writer');
    reader   text := quote_ident(current_database() || '_reader');
    operator text := quote_ident(current_database() || '_operator');
    three    text := concat_ws(', ', writer, reader, operator);
    four     text := concat_ws(', ', three, quote_ident(current_database() || '_auditor'));
    own      text;
    change   text;
BEGIN
    -- The audit is the auditor's, and its revision grants what others need of it.
    FOR own IN
        SELECT format('TABLE %s', oid::regclass) FROM pg_class
        WHERE relnamespace = 'bo'::regnamespace AND relkind IN ('r', 'p', 'v') AND relowner = current_user::regrole
        UNION ALL
        SELECT format('FUNCTION %s', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = 'bo'::regnamespace AND proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', own);
    END LOOP;
    FOREACH change IN ARRAY ARRAY[
        'REVOKE ALL ON SCHEMA bo FROM PUBLIC',
        'GRANT USAGE ON SCHEMA bo TO ' || four,
        'GRANT SELECT ON bo.generation, bo.generations, bo.generation_transition, bo.serving, bo.process, bo.act, bo.shape TO ' || three,
        -- Each process says that it lives.
        'GRANT INSERT, UPDATE, DELETE ON bo.process TO ' || writer || ', ' || reader,
        'GRANT SELECT, INSERT, UPDATE, DELETE ON bo.session, bo.session_attributes TO ' || reader,
        'GRANT SELECT ON bo.evidence TO ' || reader,
        -- The watch takes back from a consumer; everything else about what serves is an operator''s.
        'GRANT UPDATE ON bo.serving TO ' || writer || ', ' || operator,
        'GRANT INSERT, UPDATE ON bo.act TO ' || writer || ', ' || operator,
        'GRANT UPDATE ON bo.generation TO ' || operator,
        'GRANT EXECUTE ON FUNCTION bo.order_in_each_live_generation(text, bigint), bo.end_order(bigint, text) TO '
            || writer || ', ' || operator]
    LOOP
        EXECUTE change;
    END LOOP;
END $$
