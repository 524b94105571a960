-- finds: lossy-type
ALTER TABLE bo.payment ADD COLUMN settled_at timestamp without time zone;
