-- finds: suppression
-- lint:allow bulk-write because it was one once
ALTER TABLE bo.payment ADD COLUMN currency text;
