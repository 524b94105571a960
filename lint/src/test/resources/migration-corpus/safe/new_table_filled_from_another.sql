CREATE TABLE bo.wallet_count (wallets bigint NOT NULL);
INSERT INTO bo.wallet_count (wallets) SELECT count(*) FROM bo.wallet;
