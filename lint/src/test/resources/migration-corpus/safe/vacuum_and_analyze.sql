VACUUM (ANALYZE) bo.payment;
