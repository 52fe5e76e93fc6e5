-- Once, as superuser: psql -v owner_password=... -v app_password=... -f roles.sql
CREATE ROLE jingzhun_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE jingzhun_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
