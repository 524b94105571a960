-- finds: rewrites-table
ALTER TABLE bo.payment ADD COLUMN seen_at timestamptz NOT NULL DEFAULT clock_timestamp();
