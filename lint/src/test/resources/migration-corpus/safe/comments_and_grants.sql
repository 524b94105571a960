/* DROP TABLE bo.payment; /* nested */ TRUNCATE bo.payment; */
COMMENT ON COLUMN bo.payment.note IS 'It''s DROP COLUMN in a string; harmless';
COMMENT ON TABLE bo.payment IS E'a \\'' DROP TABLE bo.wallet; --';
GRANT SELECT ON bo.payment TO reader;
CREATE SEQUENCE bo.number_of_refund;
