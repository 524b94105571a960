CREATE OR REPLACE FUNCTION bo.settle(id text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    -- DROP TABLE bo.payment; is no statement here
    UPDATE bo.payment SET settled = true;
    TRUNCATE bo.wallet;
END $body$;
