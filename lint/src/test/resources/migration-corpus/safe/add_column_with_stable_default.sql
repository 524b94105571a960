ALTER TABLE bo.payment ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
