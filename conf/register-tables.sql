-- Makes a vault's tables known by name in a catalog, so that spark-sql, Databricks, Spark Connect and whatever
-- else shares the catalog find them. The tables stay where they are and as they are; only names are added.
-- First say where the vault is, for example:
--   set vault = /path/to/vault;           or  s3a://bucket/tapelake, hdfs://namenode/tapelake
-- Leave out the line of a table that the vault does not have (trades after --no-trades, analytics after
-- --no-analytics): where there is none Delta makes an empty one, in the vault.
create schema if not exists tapelake;
create table if not exists tapelake.bars_1m using delta location '${vault}/lake/bars_1m';
create table if not exists tapelake.vwap_1m using delta location '${vault}/lake/vwap_1m';
create table if not exists tapelake.bands_1m using delta location '${vault}/lake/bands_1m';
create table if not exists tapelake.flow_1m using delta location '${vault}/lake/flow_1m';
create table if not exists tapelake.volume_profile using delta location '${vault}/lake/volume_profile';
create table if not exists tapelake.signals using delta location '${vault}/lake/signals';
create table if not exists tapelake.trades  using delta location '${vault}/lake/trades';
