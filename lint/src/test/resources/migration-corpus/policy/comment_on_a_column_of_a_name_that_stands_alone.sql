-- finds: unqualified-name
COMMENT ON COLUMN payment.note IS 'What people wrote';
