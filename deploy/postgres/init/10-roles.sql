-- Run once by the postgres image, as its superuser, when the data volume is new. Passwords come from the service's environment.
\getenv owner_password OWNER_DB_PASSWORD
\getenv grafana_password GRAFANA_DB_PASSWORD

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;

-- Our own programs: owner of the database, so that `mocgioi db upgrade` may make tables; no superuser.
CREATE ROLE mocgioi LOGIN PASSWORD :'owner_password';
ALTER DATABASE :"DBNAME" OWNER TO mocgioi;

-- Dashboards: read only, and a query that runs away is ended.
CREATE ROLE grafana LOGIN PASSWORD :'grafana_password' CONNECTION LIMIT 20;
ALTER ROLE grafana SET default_transaction_read_only = on;
ALTER ROLE grafana SET statement_timeout = '30s';
GRANT CONNECT ON DATABASE :"DBNAME" TO grafana;
ALTER DEFAULT PRIVILEGES FOR ROLE mocgioi IN SCHEMA public GRANT SELECT ON TABLES TO grafana;
