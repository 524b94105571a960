-- finds: generation-column
CREATE TABLE refund (
    generation bigint NOT NULL,
    refund_id  text   NOT NULL,
    CONSTRAINT refund_pkey PRIMARY KEY (generation, refund_id)
);
