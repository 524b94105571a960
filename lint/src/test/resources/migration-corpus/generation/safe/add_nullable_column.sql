ALTER TABLE payment ADD COLUMN memo text;
