-- finds: rewrites-table
REFRESH MATERIALIZED VIEW bo.wallet_total;
