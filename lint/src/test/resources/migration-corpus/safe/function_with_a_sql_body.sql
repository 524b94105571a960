CREATE FUNCTION bo.paid(id text) RETURNS numeric LANGUAGE sql
BEGIN ATOMIC
    SELECT CASE WHEN settled THEN amount ELSE 0 END FROM bo.payment WHERE payment_id = id;
END;
