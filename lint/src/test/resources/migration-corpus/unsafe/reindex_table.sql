-- finds: index-not-concurrent
REINDEX TABLE bo.payment;
