-- finds: constraint-builds-index
ALTER TABLE bo.payment ADD COLUMN token text UNIQUE;
