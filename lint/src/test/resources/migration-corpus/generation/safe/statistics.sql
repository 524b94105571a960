CREATE STATISTICS payment_by_channel (dependencies) ON wallet_id, channel FROM payment;
