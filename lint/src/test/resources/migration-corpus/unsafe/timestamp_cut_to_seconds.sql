-- finds: lossy-type
ALTER TABLE bo.payment ADD COLUMN settled_at timestamptz(0);
