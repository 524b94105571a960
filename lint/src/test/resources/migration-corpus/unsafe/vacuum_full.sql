-- finds: rewrites-table
VACUUM FULL bo.payment;
