-- finds: not-understood
DO $$ BEGIN NULL; END $$;
