-- finds: type-change
ALTER TABLE bo.payment ALTER COLUMN channel TYPE bo.channel USING channel::bo.channel;
