-- finds: contract-too-soon
-- contract: V3 which declared nothing
ALTER TABLE bo.payment DROP COLUMN note;
