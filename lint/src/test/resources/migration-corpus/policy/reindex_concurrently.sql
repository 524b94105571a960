-- finds: not-resumable
REINDEX INDEX CONCURRENTLY bo.payment_by_wallet;
