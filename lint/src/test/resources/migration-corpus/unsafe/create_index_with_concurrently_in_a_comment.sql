-- finds: index-not-concurrent
CREATE INDEX /* CONCURRENTLY */ payment_by_time ON bo.payment (created_at); -- CONCURRENTLY
