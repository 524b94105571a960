-- finds: name-of-another-schema
ALTER TABLE payment ADD CONSTRAINT payment_wallet FOREIGN KEY (wallet_id) REFERENCES bo.wallet NOT VALID;
