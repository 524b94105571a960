CREATE TABLE refund (
    refund_id  text        NOT NULL,
    payment_id text        NOT NULL REFERENCES payment,
    amount     numeric     NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT refund_pkey PRIMARY KEY (refund_id)
);
COMMENT ON COLUMN refund.amount IS 'As it was sent';
CREATE INDEX refund_by_payment ON refund (payment_id);
COMMENT ON INDEX refund_by_payment IS 'The refunds of a payment';
