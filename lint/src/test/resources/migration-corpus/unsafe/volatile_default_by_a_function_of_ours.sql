-- finds: rewrites-table
CREATE FUNCTION bo.next_number() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
ALTER TABLE bo.payment ADD COLUMN number bigint DEFAULT bo.next_number();
