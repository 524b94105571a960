-- finds: rename-outside-contract
ALTER TABLE bo.payment RENAME TO payments;
