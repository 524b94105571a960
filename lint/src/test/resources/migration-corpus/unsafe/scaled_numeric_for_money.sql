-- finds: lossy-type
ALTER TABLE bo.payment ADD COLUMN fee numeric(12, 2);
