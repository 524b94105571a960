-- The indexes that a load into this empty schema does without until all rows are in. There are rows while the load is
-- under way and none before and after, so that a killed load is resumed, and no consumer begins before its end.
CREATE TABLE load_index (
    name               text NOT NULL,
    table_name         text NOT NULL,
    definition         text NOT NULL,
    constraint_type    text,
    comment            text,
    constraint_comment text,
    CONSTRAINT load_index_pkey PRIMARY KEY (name),
    CONSTRAINT load_index_constraint_type CHECK (constraint_type IN ('p', 'u'))
);
COMMENT ON INDEX load_index_pkey IS 'Which indexes are to be made again; may consumers begin?';
COMMENT ON COLUMN load_index.definition IS 'The statement that makes the index';
COMMENT ON COLUMN load_index.constraint_type IS 'p: it is the primary key''s, u: a unique constraint''s; null: neither';
