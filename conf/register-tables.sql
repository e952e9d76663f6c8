-- Makes a vault's tables known by name in a catalog, so that spark-sql, Databricks, Spark Connect and whatever
-- else shares the catalog find them. The tables stay where they are and as they are; only names are added.
-- First say where the vault is, for example:
--   set vault = /path/to/vault;           or  s3a://bucket/tapelake, hdfs://namenode/tapelake
-- Before each name its table is read: where there is none that fails, and the script ends there. Without this Delta
-- would make an empty table, in the vault. Leave out the two lines of a table that the vault does not have (trades
-- after --no-trades, the four between after --no-analytics).
create schema if not exists tapelake;
select 1 from delta.`${vault}/lake/bars_1m` limit 0;
create table if not exists tapelake.bars_1m using delta location '${vault}/lake/bars_1m';
select 1 from delta.`${vault}/lake/vwap_1m` limit 0;
create table if not exists tapelake.vwap_1m using delta location '${vault}/lake/vwap_1m';
select 1 from delta.`${vault}/lake/sessions_1d` limit 0;
create table if not exists tapelake.sessions_1d using delta location '${vault}/lake/sessions_1d';
select 1 from delta.`${vault}/lake/bands_1m` limit 0;
create table if not exists tapelake.bands_1m using delta location '${vault}/lake/bands_1m';
select 1 from delta.`${vault}/lake/flow_1m` limit 0;
create table if not exists tapelake.flow_1m using delta location '${vault}/lake/flow_1m';
select 1 from delta.`${vault}/lake/volume_profile` limit 0;
create table if not exists tapelake.volume_profile using delta location '${vault}/lake/volume_profile';
select 1 from delta.`${vault}/lake/signals` limit 0;
create table if not exists tapelake.signals using delta location '${vault}/lake/signals';
select 1 from delta.`${vault}/lake/trades` limit 0;
create table if not exists tapelake.trades using delta location '${vault}/lake/trades';
