-- finds: name-of-another-schema
CREATE TABLE refund (
    refund_id text NOT NULL,
    wallet_id text NOT NULL REFERENCES bo.wallet,
    CONSTRAINT refund_pkey PRIMARY KEY (refund_id)
);
