-- finds: name-of-another-schema
CREATE TABLE public.refund (refund_id text NOT NULL);
