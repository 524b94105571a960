INSERT INTO bo.wallet (wallet_id, name) VALUES ('house', 'The house; its own') ON CONFLICT DO NOTHING;
