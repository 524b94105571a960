-- The stream of a generation that is loaded from files starts at this instant less cutover.overlap.
ALTER TABLE bo.generation ADD COLUMN as_of timestamptz;
COMMENT ON COLUMN bo.generation.as_of IS 'When the files were read that it is loaded from; null where the run read its source itself';
