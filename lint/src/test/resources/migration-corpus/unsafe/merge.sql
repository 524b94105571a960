-- finds: bulk-write
MERGE INTO bo.wallet w USING bo.payment p ON w.wallet_id = p.wallet_id AND p.payment_id < 'payment-00500' WHEN MATCHED THEN UPDATE SET name = p.payment_id;
