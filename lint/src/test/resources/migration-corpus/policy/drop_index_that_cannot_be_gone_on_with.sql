-- finds: not-resumable
DROP INDEX CONCURRENTLY bo.payment_by_wallet;
