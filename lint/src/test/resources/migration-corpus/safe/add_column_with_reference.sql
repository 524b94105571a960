ALTER TABLE bo.payment ADD COLUMN payer_wallet text REFERENCES bo.wallet;
