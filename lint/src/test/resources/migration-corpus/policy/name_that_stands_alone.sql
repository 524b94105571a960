-- finds: unqualified-name
ALTER TABLE payment ADD COLUMN memo text;
