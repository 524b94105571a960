-- finds: drop-outside-contract
ALTER TABLE bo.payment ADD COLUMN memo text, DROP COLUMN IF EXISTS note;
