-- By the owner, for each module, before its migrations: `ovation-server migrate` puts the name in and runs it. May be run again.
CREATE SCHEMA IF NOT EXISTS "{module}";
REVOKE ALL ON SCHEMA "{module}" FROM PUBLIC;
