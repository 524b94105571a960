-- finds: name-of-another-schema, only-tables
CREATE TABLE refund (refund_id text NOT NULL);
CREATE TRIGGER refund_passes BEFORE INSERT ON refund FOR EACH ROW EXECUTE FUNCTION bo.let_pass();
