-- finds: generation-column
ALTER TABLE payment ADD COLUMN generation bigint;
