-- finds: rewrites-table
VACUUM (ANALYZE, FULL) bo.payment;
