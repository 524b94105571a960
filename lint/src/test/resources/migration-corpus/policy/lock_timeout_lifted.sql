-- finds: missing-timeout
SET LOCAL lock_timeout = 0;
ALTER TABLE bo.payment ADD COLUMN currency text;
