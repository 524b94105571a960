ALTER TABLE bo.payment ADD COLUMN currency text NOT NULL DEFAULT 'KRW', ADD COLUMN tags text[] DEFAULT '{}'::text[];
