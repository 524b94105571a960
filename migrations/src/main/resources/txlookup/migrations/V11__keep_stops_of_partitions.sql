-- What happens to one partition stops that partition and no other. The row says so, because whoever looks (status, API,
-- console) cannot ask the process, and because the partition stays stopped when another consumer takes it over.
ALTER TABLE bo.coverage
    ADD COLUMN leader_epoch      integer,
    ADD COLUMN stopped_at        timestamptz,
    ADD COLUMN stopped_reason    text,
    ADD COLUMN stopped_share     numeric,
    ADD COLUMN resume_ordered_at timestamptz,
    ADD COLUMN resume_ordered_by text,
    ADD COLUMN resume_reason     text,
    ADD COLUMN tolerate_to       bigint;

COMMENT ON COLUMN bo.coverage.leader_epoch IS
    'Stream: the leader epoch of the record before next_position, to notice a log that was cut; null where unknown';
COMMENT ON COLUMN bo.coverage.stopped_at IS 'Stream: since when the partition is stopped; null while it is not';
COMMENT ON COLUMN bo.coverage.stopped_reason IS 'Why it is stopped, with offsets; null while it is not';
COMMENT ON COLUMN bo.coverage.stopped_share IS
    'The consumer.maxDeadShare that its dead letters exceeded; null when it is stopped for another reason';
COMMENT ON COLUMN bo.coverage.resume_ordered_at IS
    'The latest order to resume; it holds for a stop that is older. The consumer looks every second';
COMMENT ON COLUMN bo.coverage.tolerate_to IS
    'Up to this offset any share of dead letters is accepted: the end of the log when somebody resumed the partition';
