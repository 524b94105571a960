CREATE TABLE bo.refund (
    refund_id  bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    payment_id text        NOT NULL REFERENCES bo.payment,
    amount     numeric     NOT NULL CHECK (amount > 0),
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason     varchar,
    CONSTRAINT refund_pkey PRIMARY KEY (refund_id)
);
CREATE INDEX refund_by_payment ON bo.refund (payment_id);
COMMENT ON INDEX bo.refund_by_payment IS 'The refunds of a payment';
ALTER TABLE bo.refund ADD CONSTRAINT refund_once UNIQUE (payment_id, made_at);
CREATE TRIGGER refund_passes BEFORE INSERT ON bo.refund FOR EACH ROW EXECUTE FUNCTION bo.let_pass();
INSERT INTO bo.refund (payment_id, amount) VALUES ('payment-00001', 1);
UPDATE bo.refund SET reason = 'all of them';
