-- Who may do what in the control schema. The owner owns it, and owns what the functions change.
DO $$
DECLARE
    writer   text := quote_ident(current_database() || '_writer');
    reader   text := quote_ident(current_database() || '_reader');
    operator text := quote_ident(current_database() || '_operator');
    three    text := concat_ws(', ', writer, reader, operator);
    change   text;
BEGIN
    FOREACH change IN ARRAY ARRAY[
        'REVOKE ALL ON SCHEMA bo FROM PUBLIC',
        'REVOKE ALL ON ALL TABLES IN SCHEMA bo FROM PUBLIC',
        'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA bo FROM PUBLIC',
        'GRANT USAGE ON SCHEMA bo TO ' || three,
        'GRANT SELECT ON bo.generation, bo.generations, bo.generation_transition, bo.serving, bo.process, bo.act, bo.shape TO ' || three,
        -- Each process says that it lives.
        'GRANT INSERT, UPDATE, DELETE ON bo.process TO ' || writer || ', ' || reader,
        -- A lookup is audited by who reads; nobody changes what was written.
        'GRANT SELECT, INSERT, UPDATE, DELETE ON bo.session, bo.session_attributes TO ' || reader,
        'GRANT SELECT, INSERT ON bo.audit TO ' || reader,
        'GRANT SELECT, UPDATE (last_sequence, head_hash) ON bo.audit_chain TO ' || reader,
        'GRANT SELECT ON bo.audit_register, bo.evidence TO ' || reader,
        'GRANT EXECUTE ON FUNCTION bo.start_audit_chain(text) TO ' || reader,
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
