-- A process that carries out an order holds it by a lease, renewed while it works. Once the lease is over, another
-- process resumes the order behind done_to.
ALTER TABLE bo.dead_letter_run
    ADD COLUMN per_second   integer NOT NULL DEFAULT 0,
    ADD COLUMN takes        integer NOT NULL DEFAULT 0,
    ADD COLUMN tries        integer NOT NULL DEFAULT 0,
    ADD COLUMN leased_until timestamptz,
    ADD COLUMN up_to        bigint,
    ADD COLUMN done_to      bigint  NOT NULL DEFAULT 0,
    ADD COLUMN failure      text;

COMMENT ON COLUMN bo.dead_letter_run.per_second IS 'Most dead letters per second; 0 sets no limit';
COMMENT ON COLUMN bo.dead_letter_run.takes IS 'How often a process took the order: the newest one holds it';
COMMENT ON COLUMN bo.dead_letter_run.tries IS 'How often a process took the order since done_to last moved';
COMMENT ON COLUMN bo.dead_letter_run.leased_until IS 'Until when its process holds the order; null while no process does';
COMMENT ON COLUMN bo.dead_letter_run.up_to IS 'The last dead letter that there was when the order was first taken';
COMMENT ON COLUMN bo.dead_letter_run.done_to IS 'The last dead letter that the order is done with; they are taken by number';
COMMENT ON COLUMN bo.dead_letter_run.failure IS 'Why the order ended before all were done; null when it did not fail';
