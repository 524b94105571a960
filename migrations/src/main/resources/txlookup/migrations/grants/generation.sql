-- Who may do what in a generation's schema: one applies, others read, and people order about dead letters.
DO $$
DECLARE
    writer   text := quote_ident(current_database() || '_writer');
    reader   text := quote_ident(current_database() || '_reader');
    operator text := quote_ident(current_database() || '_operator');
    three    text := concat_ws(', ', writer, reader, operator);
    change   text;
BEGIN
    FOREACH change IN ARRAY ARRAY[
        'REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC',
        'GRANT USAGE ON SCHEMA ${schema} TO ' || three,
        'GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ' || three,
        'GRANT INSERT, UPDATE, DELETE ON ${schema}.ledger_entry, ${schema}.payment_order, ${schema}.coverage,'
            ' ${schema}.dead_letter, ${schema}.dead_letter_run, ${schema}.dead_letter_trial, ${schema}.canary, ${schema}.verification,'
            ' ${schema}.quarantine, ${schema}.open_payment, ${schema}.pairing_due TO ' || writer,
        'GRANT INSERT, UPDATE ON ${schema}.dead_letter_run TO ' || operator,
        'GRANT UPDATE ON ${schema}.dead_letter TO ' || operator]
    LOOP
        EXECUTE change;
    END LOOP;
END $$
