-- expand: the code is about to leave attempts alone
COMMENT ON COLUMN bo.payment.attempts IS 'To be given up';
