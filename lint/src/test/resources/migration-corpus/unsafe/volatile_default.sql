-- finds: rewrites-table
ALTER TABLE bo.payment ADD COLUMN token uuid DEFAULT gen_random_uuid();
