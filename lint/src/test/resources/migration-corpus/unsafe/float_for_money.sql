-- finds: lossy-type
ALTER TABLE bo.payment ADD COLUMN fee double precision;
