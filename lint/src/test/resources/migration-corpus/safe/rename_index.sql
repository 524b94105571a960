ALTER INDEX bo.payment_by_wallet RENAME TO payment_of_a_wallet;
