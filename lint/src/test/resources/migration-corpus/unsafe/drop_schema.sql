-- finds: drop-outside-contract, not-understood
DROP SCHEMA bo CASCADE;
