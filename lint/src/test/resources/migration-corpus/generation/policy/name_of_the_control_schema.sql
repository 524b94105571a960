-- finds: name-of-another-schema
ALTER TABLE bo.payment ADD COLUMN memo text;
