-- finds: drop-outside-contract
ALTER TABLE bo.payment DROP COLUMN note;
