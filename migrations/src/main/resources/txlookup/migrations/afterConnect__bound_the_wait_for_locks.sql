-- A migration that cannot have its lock soon gives up, rather than queue everybody else behind itself.
SET lock_timeout = '10s';
