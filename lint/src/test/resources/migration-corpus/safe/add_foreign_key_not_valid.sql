ALTER TABLE bo.payment ADD CONSTRAINT payment_to_wallet FOREIGN KEY (wallet_id) REFERENCES bo.wallet (wallet_id) ON DELETE CASCADE NOT VALID;
