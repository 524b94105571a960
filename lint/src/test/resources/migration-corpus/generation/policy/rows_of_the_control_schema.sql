-- finds: name-of-another-schema
CREATE TABLE refund (wallet_id text NOT NULL);
INSERT INTO refund SELECT wallet_id FROM bo.wallet;
