-- The roles, for the whole server (deploy/runbooks/roles.md). Run by the postgres image, as its superuser, when the data volume is new; by
-- hand on an older one, again and again harmlessly. Passwords come from the service's environment. What a role may do in the database is
-- given by `mocgioi db upgrade`.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_DB_PASSWORD
\getenv worker_password WORKER_DB_PASSWORD
\getenv reader_password READER_DB_PASSWORD
\getenv grafana_password GRAFANA_DB_PASSWORD
\getenv public_url PUBLIC_URL

-- The first installations had an owner of another name.
SELECT 'ALTER ROLE mocgioi RENAME TO mocgioi_owner' WHERE to_regrole('mocgioi') IS NOT NULL AND to_regrole('mocgioi_owner') IS NULL \gexec
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['mocgioi_owner', 'mocgioi_worker', 'mocgioi_reader', 'grafana']) AS wanted (name)
WHERE to_regrole(name) IS NULL \gexec
-- The officers' pages are served by a worker, and read as this role, which sees an officer's province only.
SELECT 'CREATE ROLE mocgioi_duty NOLOGIN' WHERE to_regrole('mocgioi_duty') IS NULL \gexec
GRANT mocgioi_duty TO mocgioi_worker WITH INHERIT FALSE, SET TRUE;
ALTER ROLE mocgioi_owner PASSWORD :'owner_password';
ALTER ROLE mocgioi_worker PASSWORD :'worker_password';
ALTER ROLE mocgioi_reader PASSWORD :'reader_password';
ALTER ROLE grafana PASSWORD :'grafana_password' CONNECTION LIMIT 20;

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
ALTER DATABASE :"DBNAME" OWNER TO mocgioi_owner;
-- Temporary tables: the workers copy a batch into one, a report has one of the incidents it counts.
GRANT CONNECT, TEMPORARY ON DATABASE :"DBNAME" TO mocgioi_worker, mocgioi_reader;
GRANT CONNECT ON DATABASE :"DBNAME" TO grafana;

-- Who may write any query on a dashboard still ends after half a minute, takes no lock for which recording would wait, and stores nothing.
ALTER ROLE grafana SET default_transaction_read_only = on;
ALTER ROLE grafana SET statement_timeout = '30s';
-- Where dashboards link to: the officers' pages.
ALTER ROLE grafana SET mocgioi.public_url = :'public_url';
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure),
    format('GRANT EXECUTE ON FUNCTION %s TO mocgioi_owner, mocgioi_worker, mocgioi_reader', oid::regprocedure)
FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^pg_(try_)?advisory_.*lock' \gexec
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure)
FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea') \gexec
