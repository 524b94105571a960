-- finds: drop-outside-contract
DROP MATERIALIZED VIEW bo.wallet_total;
