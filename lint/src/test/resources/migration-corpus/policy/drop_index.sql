-- finds: index-not-concurrent
DROP INDEX bo.payment_by_wallet;
