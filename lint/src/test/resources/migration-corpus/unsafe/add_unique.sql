-- finds: constraint-builds-index
ALTER TABLE bo.payment ADD CONSTRAINT payment_id_and_wallet UNIQUE (payment_id, wallet_id);
