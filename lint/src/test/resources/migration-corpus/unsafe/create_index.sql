-- finds: index-not-concurrent
CREATE INDEX payment_by_time ON bo.payment (created_at);
