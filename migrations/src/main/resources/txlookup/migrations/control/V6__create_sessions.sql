-- Sessions of people in the console, in the form that Spring Session 4.1 reads and writes: any API process serves any of them.
-- A row holds who signed in and what they may, never a token that another service would take.
CREATE TABLE bo.session (
    primary_id            text    NOT NULL,
    session_id            text    NOT NULL,
    creation_time         bigint  NOT NULL,
    last_access_time      bigint  NOT NULL,
    max_inactive_interval integer NOT NULL,
    expiry_time           bigint  NOT NULL,
    principal_name        text,
    CONSTRAINT session_pkey PRIMARY KEY (primary_id),
    CONSTRAINT session_id_is_one UNIQUE (session_id)
);
COMMENT ON INDEX bo.session_pkey IS 'Change or end one session';
COMMENT ON INDEX bo.session_id_is_one IS 'Each request of a browser: the session that its cookie names';
COMMENT ON COLUMN bo.session.expiry_time IS 'Milliseconds since 1970, as the other times: last_access_time and max_inactive_interval seconds';

CREATE INDEX session_by_expiry ON bo.session (expiry_time);
COMMENT ON INDEX bo.session_by_expiry IS 'Delete what has expired, each minute';
CREATE INDEX session_by_person ON bo.session (principal_name);
COMMENT ON INDEX bo.session_by_person IS 'Sign out: all sessions of one person';

CREATE TABLE bo.session_attributes (
    session_primary_id text  NOT NULL,
    attribute_name     text  NOT NULL,
    attribute_bytes    bytea NOT NULL,
    CONSTRAINT session_attributes_pkey PRIMARY KEY (session_primary_id, attribute_name),
    CONSTRAINT session_attributes_of_session FOREIGN KEY (session_primary_id) REFERENCES bo.session (primary_id)
        ON DELETE CASCADE
);
COMMENT ON INDEX bo.session_attributes_pkey IS 'What one session holds';
