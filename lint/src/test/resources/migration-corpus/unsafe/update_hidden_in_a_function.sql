-- finds: not-understood
CREATE FUNCTION bo.mend() RETURNS void LANGUAGE sql AS $f$ UPDATE bo.payment SET attempts = 7 $f$;
SELECT bo.mend();
