-- finds: drop-outside-contract
ALTER TABLE payment DROP COLUMN reference;
