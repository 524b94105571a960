-- The store that every revision of the corpus meets, filled by the test.
CREATE TABLE bo.wallet (
    wallet_id text        NOT NULL,
    name      text        NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT wallet_pkey PRIMARY KEY (wallet_id)
);
CREATE TYPE bo.channel AS ENUM ('WEB', 'APP');
CREATE TABLE bo.payment (
    payment_id text        NOT NULL,
    wallet_id  text        NOT NULL,
    reference  text,
    amount     numeric     NOT NULL,
    channel    text,
    settled    boolean     NOT NULL,
    note       varchar(100),
    old_note   text,
    attempts   integer     NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CONSTRAINT payment_pkey PRIMARY KEY (payment_id)
);
CREATE TABLE bo.old_import (
    name text NOT NULL,
    CONSTRAINT old_import_pkey PRIMARY KEY (name)
);
CREATE TABLE bo.payment_note (
    payment_id text NOT NULL REFERENCES bo.payment,
    note       text NOT NULL,
    CONSTRAINT payment_note_pkey PRIMARY KEY (payment_id)
);
CREATE INDEX payment_by_wallet ON bo.payment (wallet_id);
CREATE UNIQUE INDEX payment_reference_once ON bo.payment (reference);
CREATE VIEW bo.open_payment AS SELECT payment_id, amount FROM bo.payment WHERE NOT settled;
CREATE MATERIALIZED VIEW bo.wallet_total AS SELECT wallet_id, sum(amount) AS total FROM bo.payment GROUP BY wallet_id;
CREATE FUNCTION bo.let_pass() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION bo.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
ALTER TABLE bo.payment ADD CONSTRAINT payment_channel_known CHECK (channel IS NOT NULL) NOT VALID;
ALTER TABLE bo.payment ADD CONSTRAINT payment_reference_known CHECK (reference IS NOT NULL) NOT VALID;
ALTER TABLE bo.payment ADD CONSTRAINT payment_of_wallet FOREIGN KEY (wallet_id) REFERENCES bo.wallet NOT VALID;
ALTER TABLE bo.payment ADD CONSTRAINT payment_amount_positive CHECK (amount > 0);
CREATE TRIGGER payment_passes BEFORE INSERT ON bo.payment FOR EACH ROW EXECUTE FUNCTION bo.let_pass();
