-- finds: index-not-concurrent
REINDEX INDEX bo.payment_by_wallet;
