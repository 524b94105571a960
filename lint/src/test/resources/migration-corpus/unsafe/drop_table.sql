-- finds: drop-outside-contract, not-understood
DROP TABLE bo.wallet CASCADE;
