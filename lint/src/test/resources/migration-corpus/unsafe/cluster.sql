-- finds: rewrites-table
CLUSTER bo.payment USING payment_by_wallet;
