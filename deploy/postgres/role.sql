-- By the owner, for each module, after its migrations: `ovation-server migrate --role …` puts names and verifier in and runs it. May be
-- run again: it also changes the password. The role of a module's servers reads and writes rows of its own schema, and can do nothing else.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO "{role}"', current_database());
END
$$;
ALTER ROLE "{role}" PASSWORD '{verifier}';
ALTER ROLE "{role}" SET search_path TO "{module}";
GRANT USAGE ON SCHEMA "{module}" TO "{role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{module}" TO "{role}";
ALTER DEFAULT PRIVILEGES IN SCHEMA "{module}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}";
REVOKE INSERT, UPDATE, DELETE ON "{module}"."__EFMigrationsHistory" FROM "{role}";
