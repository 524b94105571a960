-- Payments of which one side is here. A batch writes into pairing_due, in its own transaction, the ids whose pairing it
-- may have changed. One process at a time looks at them a second later, takes them away and mends open_payment in one
-- transaction. So an id is due, or what open_payment says of it is right, in every snapshot, however consumers interleave.
CREATE TABLE open_payment (
    since         timestamptz NOT NULL,
    order_id      text COLLATE "C" NOT NULL,
    missing       text        NOT NULL,
    tx_id         text COLLATE "C" NOT NULL,
    amount        numeric     NOT NULL,
    merchant_name text COLLATE "C",
    CONSTRAINT open_payment_pkey PRIMARY KEY (order_id),
    CONSTRAINT open_payment_missing CHECK (missing IN ('PAYMENT', 'RECEIVE'))
);
COMMENT ON INDEX open_payment_pkey IS 'Mend what is said of a payment whose pairing may have changed';
COMMENT ON COLUMN open_payment.since IS 'Event time of its oldest leg';
COMMENT ON COLUMN open_payment.tx_id IS 'Its oldest leg';

CREATE INDEX open_payment_by_age ON open_payment (since, order_id);
COMMENT ON INDEX open_payment_by_age IS 'GET /admin/open-pairs: oldest or newest first, and how many of which age';

CREATE INDEX open_payment_by_merchant ON open_payment (merchant_name, since, order_id);
COMMENT ON INDEX open_payment_by_merchant IS 'GET /admin/open-pairs?merchant_name=';

CREATE INDEX open_payment_by_amount ON open_payment (amount, since, order_id);
COMMENT ON INDEX open_payment_by_amount IS 'GET /admin/open-pairs?amount=';

CREATE TABLE pairing_due (
    due_id      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    due_at      timestamptz NOT NULL DEFAULT now(),
    payment_ids text[] COLLATE "C" NOT NULL,
    receive_ids text[] COLLATE "C" NOT NULL,
    order_ids   text[] COLLATE "C" NOT NULL,
    other_ids   text[] COLLATE "C" NOT NULL,
    CONSTRAINT pairing_due_pkey PRIMARY KEY (due_id)
);
COMMENT ON INDEX pairing_due_pkey IS 'The oldest first; since when the list of open payments is behind';
COMMENT ON COLUMN pairing_due.payment_ids IS 'Payments of which a PAYMENT side was entered';
COMMENT ON COLUMN pairing_due.receive_ids IS 'Payments of which a RECEIVE side was entered; with both, nothing has to be read';
COMMENT ON COLUMN pairing_due.order_ids IS 'Payment orders that were entered or changed';
COMMENT ON COLUMN pairing_due.other_ids IS 'What entries name that were changed, or that pair only with an order, and named before';
