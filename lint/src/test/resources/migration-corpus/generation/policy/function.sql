-- finds: only-tables
CREATE FUNCTION memo_of(text) RETURNS text LANGUAGE sql AS $$ SELECT $1 $$;
