-- finds: not-resumable
CREATE INDEX CONCURRENTLY payment_by_time ON bo.payment (created_at);
