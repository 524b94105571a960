ALTER TABLE bo.payment ADD COLUMN currency text;
