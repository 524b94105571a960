-- finds: constraint-not-valid
ALTER TABLE bo.payment ADD FOREIGN KEY (wallet_id) REFERENCES bo.wallet (wallet_id);
