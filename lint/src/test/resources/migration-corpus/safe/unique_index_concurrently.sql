CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS payment_once ON bo.payment (payment_id, created_at);
