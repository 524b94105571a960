-- finds: type-change
ALTER TABLE bo.payment ALTER COLUMN created_at TYPE timestamp USING created_at AT TIME ZONE 'Asia/Seoul';
