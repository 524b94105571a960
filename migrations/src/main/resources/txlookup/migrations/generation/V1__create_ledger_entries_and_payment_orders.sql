-- Times are cut to microseconds, amounts keep digits and scale as sent (contract.md), so money is
-- unconstrained numeric. Fixed-width columns come first: no padding between them.
-- The last six columns of each table are not the source's: they decide which snapshot wins
-- (source_time, digest) and say where the row came from (source_id, source_position, ingested_at).
-- Identifiers compare by bytes (collation C): cheaper, and the same order in Java and in every index.
-- Vacuum follows each twentieth of new rows, where the server would wait for a fifth. It freezes entries at once, as hardly
-- one changes later: else all of them would be written again when the server runs out of transaction numbers.

CREATE TABLE ledger_entry (
    event_time      timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz,
    version         bigint,
    source_time     timestamptz NOT NULL,
    digest          bigint      NOT NULL,
    source_position bigint      NOT NULL,
    ingested_at     timestamptz NOT NULL,
    source_id       integer     NOT NULL,
    tx_id           text COLLATE "C" NOT NULL,
    wallet_id       text COLLATE "C" NOT NULL,
    entry_type      text        NOT NULL,
    amount          numeric     NOT NULL,
    amount_signed   numeric,
    related_id      text COLLATE "C",
    related_type    text,
    moved_from      text COLLATE "C",
    CONSTRAINT ledger_entry_pkey PRIMARY KEY (tx_id)
) WITH (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_freeze_min_age = 10000);
COMMENT ON INDEX ledger_entry_pkey IS 'The merge of a batch; GET /admin/tx/{tx_id}';

CREATE INDEX ledger_entry_by_related_id ON ledger_entry (related_id, entry_type, event_time DESC)
    WHERE related_id IS NOT NULL;
COMMENT ON INDEX ledger_entry_by_related_id IS
    'GET /admin/tx and /admin/payment-orders: the entries of one payment, and its two sides however many share the id';

CREATE INDEX ledger_entry_by_wallet ON ledger_entry (wallet_id, event_time DESC);
COMMENT ON INDEX ledger_entry_by_wallet IS
    'GET /admin/wallets/{wallet_id}/tx: one page, newest first, from a cursor on';

CREATE TABLE payment_order (
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz,
    version         bigint,
    source_time     timestamptz NOT NULL,
    digest          bigint      NOT NULL,
    source_position bigint      NOT NULL,
    ingested_at     timestamptz NOT NULL,
    source_id       integer     NOT NULL,
    order_id        text COLLATE "C" NOT NULL,
    user_id         text COLLATE "C",
    merchant_name   text COLLATE "C",
    amount          numeric     NOT NULL,
    status          text        NOT NULL,
    CONSTRAINT payment_order_pkey PRIMARY KEY (order_id)
) WITH (fillfactor = 90, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON INDEX payment_order_pkey IS 'The merge of a batch; the order of an entry; GET /admin/payment-orders/{order_id}';

-- What a search starts from. None of these columns changes with a status, so a change of status touches no index.
CREATE INDEX payment_order_by_user ON payment_order (user_id, created_at) WHERE user_id IS NOT NULL;
COMMENT ON INDEX payment_order_by_user IS 'GET /admin/search?user_id=: newest first, in a window of time';

CREATE INDEX payment_order_by_merchant ON payment_order (merchant_name, created_at) WHERE merchant_name IS NOT NULL;
COMMENT ON INDEX payment_order_by_merchant IS 'GET /admin/search?merchant_name=: by the beginning of the name';

CREATE INDEX payment_order_by_amount ON payment_order (amount, created_at);
COMMENT ON INDEX payment_order_by_amount IS 'GET /admin/search?amount=&from=&to=: one amount in a window of time';

COMMENT ON COLUMN ledger_entry.moved_from IS
    'The related_id of the snapshot before, where this one has another: the payment that it left may be open now';
COMMENT ON COLUMN ledger_entry.source_time IS 'Kafka record time, or the instant at which the backfill''s source was read';
COMMENT ON COLUMN ledger_entry.digest IS 'First 8 bytes of SHA-256 over the canonical content: the last criterion of the winning order';
COMMENT ON COLUMN ledger_entry.source_id IS 'coverage.source_id: the partition or backfill input that brought this snapshot';
COMMENT ON COLUMN ledger_entry.source_position IS 'Offset in the partition, or line (file) or row (table) in the backfill input';
