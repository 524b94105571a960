CREATE INDEX CONCURRENTLY IF NOT EXISTS payment_by_time ON payment (created_at);
