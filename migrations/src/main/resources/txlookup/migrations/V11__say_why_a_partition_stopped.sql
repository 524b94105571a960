ALTER TABLE bo.coverage ADD COLUMN stopped_at timestamptz; ALTER TABLE bo.coverage ADD COLUMN stopped_reason text;
