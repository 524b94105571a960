-- finds: not-understood
DO $$ BEGIN UPDATE bo.payment SET attempts = attempts + 1; END $$;
