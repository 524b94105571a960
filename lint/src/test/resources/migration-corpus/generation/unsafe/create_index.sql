-- finds: index-not-concurrent
CREATE INDEX payment_by_time ON payment (created_at);
