-- finds: rewrites-table
ALTER TABLE bo.payment ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
