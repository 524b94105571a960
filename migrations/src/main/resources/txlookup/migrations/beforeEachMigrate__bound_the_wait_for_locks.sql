-- A migration that cannot have its lock soon gives up, rather than queue everybody else behind itself. LOCAL: the bound
-- ends with the migration's transaction; connections of a pool are used for other things next. One that runs outside a
-- transaction sets its own.
SET LOCAL lock_timeout = '10s';
