-- finds: name-of-another-schema
CREATE TABLE refund (refund_id text NOT NULL, channel text NOT NULL DEFAULT ('WEB'::bo.channel)::text);
