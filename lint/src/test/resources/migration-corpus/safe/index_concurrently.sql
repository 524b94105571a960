CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_time ON bo.payment (created_at DESC) WHERE NOT settled;
