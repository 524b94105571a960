-- finds: rewrites-table
ALTER TABLE bo.payment ADD COLUMN cents numeric GENERATED ALWAYS AS (amount * 100) STORED;
