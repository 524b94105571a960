-- finds: index-not-concurrent
CREATE UNIQUE INDEX IF NOT EXISTS payment_once ON ONLY bo.payment USING btree (payment_id, created_at);
