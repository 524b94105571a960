ALTER TABLE bo.payment SET (fillfactor = 90);
ALTER TABLE bo.payment ALTER COLUMN wallet_id SET STATISTICS 500;
CREATE STATISTICS bo.payment_of_wallet_and_channel ON wallet_id, channel FROM bo.payment;
