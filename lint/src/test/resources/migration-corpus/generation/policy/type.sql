-- finds: only-tables
CREATE TYPE direction AS ENUM ('IN', 'OUT');
