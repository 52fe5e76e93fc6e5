-- An empty database, as superuser: psql -f database.sql
CREATE DATABASE jingzhun OWNER jingzhun_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE jingzhun FROM PUBLIC;
-- Loads go through temporary tables.
GRANT CONNECT, TEMPORARY ON DATABASE jingzhun TO jingzhun_app;
