-- finds: missing-timeout
RESET statement_timeout;
ALTER TABLE bo.payment ADD COLUMN currency text;
