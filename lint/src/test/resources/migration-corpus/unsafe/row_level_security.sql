-- finds: takes-access-away
ALTER TABLE bo.payment ENABLE ROW LEVEL SECURITY;
