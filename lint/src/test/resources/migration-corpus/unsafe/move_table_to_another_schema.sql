-- finds: rename-outside-contract
CREATE SCHEMA archive;
ALTER TABLE bo.wallet SET SCHEMA archive;
