-- finds: lossy-type
ALTER TABLE bo.payment ADD COLUMN country char(2);
