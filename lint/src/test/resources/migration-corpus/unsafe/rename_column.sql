-- finds: rename-outside-contract
ALTER TABLE bo.payment RENAME COLUMN note TO memo;
