-- finds: bulk-write
INSERT INTO bo.wallet (wallet_id, name) SELECT wallet_id, 'x' FROM bo.payment ON CONFLICT (wallet_id) DO UPDATE SET name = excluded.name;
