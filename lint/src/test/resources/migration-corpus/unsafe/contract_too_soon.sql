-- finds: contract-too-soon
-- contract: V4 the code left attempts alone only a release ago
ALTER TABLE bo.payment DROP COLUMN attempts;
