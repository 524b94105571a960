-- finds: rewrites-table, lossy-type
ALTER TABLE bo.payment ADD COLUMN number bigserial;
