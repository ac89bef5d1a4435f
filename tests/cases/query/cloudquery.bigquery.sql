-- Groups of the resources in tables of CloudQuery, for `imports: [{file: groups.parquet}]` of an inventory. BigQuery: run the whole
-- text in one session, and export the result as Parquet, JSON lines or CSV.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads 2 tables; `--table 'DATASET.{table}'` says where they lie. Where one of them does not exist, make the query with a
-- list of those that do, which also spares what columns cost that nobody looks at:
--   SELECT table_name, column_name FROM DATASET.INFORMATION_SCHEMA.COLUMNS   -- save it as columns.csv
--   cloudraci query cloudquery --dialect bigquery --tables columns.csv inventory.yaml > query.sql
CREATE TEMP FUNCTION cloudraci_row(json STRING, PATHS STRING) RETURNS STRING LANGUAGE js AS r"""
  const opened = value => {
    if (typeof value !== 'string' || !(value.startsWith('{') || value.startsWith('['))) return value;
    try { return JSON.parse(value); } catch (e) { return value; }
  };
  function lookedAt(value, before) {
    if (Array.isArray(value)) return value.map(one => lookedAt(one, before));
    if (value === null || typeof value !== 'object') return value;
    const told = Object.keys(value).filter(key => value[key] !== null);
    const kept = before === '' || told.length === 0 ? {} : {'(...)': true};
    for (const key of told) {
      const path = before + key.toLowerCase().replace(/_/g, '');
      const name = before === '' ? key.toLowerCase() : key;
      if (PATHS.includes(' ' + path + ' ')) kept[name] = value[key];
      else if (PATHS.includes(' ' + path + '. ')) kept[name] = lookedAt(before === '' ? opened(value[key]) : value[key], path + '.');
    }
    return kept;
  }
  return JSON.stringify(lookedAt(JSON.parse(json), ''));
""";
CREATE TEMP FUNCTION cloudraci_column(json STRING, name STRING) RETURNS STRING LANGUAGE js AS r"""
  const told = JSON.parse(json)[name];
  return told === null || told === undefined ? null : String(told);
""";
CREATE TEMP FUNCTION cloudraci_tags(json STRING, TAGS ARRAY<STRING>) RETURNS STRING LANGUAGE js AS r"""
  const opened = value => {
    if (typeof value !== 'string' || !(value.startsWith('{') || value.startsWith('['))) return value;
    try { return JSON.parse(value); } catch (e) { return value; }
  };
  function picked(tags) {
    const said = opened(tags);
    if (Array.isArray(said)) return said.filter(tag => TAGS.includes(tag.Key || tag.key));
    if (said === null || typeof said !== 'object') return {};
    return Object.fromEntries(Object.entries(said).filter(([key]) => TAGS.includes(key)));
  }
  return JSON.stringify(json === null ? {} : picked(opened(json)));
""";

WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted AS (SELECT * FROM UNNEST(ARRAY<STRUCT<table_name STRING, resource_type STRING, looked_at STRING, paths STRING, own_arn STRING>>[
  ('aws_s3_bucket_versionings', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', 'bucket_arn'),
  ('aws_s3_buckets', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', '')
])),
-- The rows as JSON: a column that a table lacks is a key that is not there.
source AS (
  SELECT 'aws_s3_bucket_versionings' AS table_name, TO_JSON_STRING(t) AS item FROM (SELECT `bucket_arn`, `status` FROM aws_s3_bucket_versionings) AS t
  UNION ALL
  SELECT 'aws_s3_buckets' AS table_name, TO_JSON_STRING(t) AS item FROM (SELECT `arn`, `name` FROM aws_s3_buckets) AS t
),
items AS (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting,
    JSON_VALUE(item, '$.account_id') AS account_id, JSON_VALUE(item, '$.region') AS region,
    COALESCE(CASE WHEN own_arn <> '' THEN cloudraci_column(item, own_arn) END, JSON_VALUE(item, '$.arn')) AS arn,
    COALESCE(JSON_VALUE(item, '$.name')) AS resource_name,
    cloudraci_row(item, paths) AS columns,
    cloudraci_tags(COALESCE(JSON_VALUE(item, '$.tags'), JSON_QUERY(item, '$.tags')), ['it\'s \\ one', 'team']) AS tags
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most: of a key
-- that stands twice in JSON the last counts.
identified AS (SELECT *, COALESCE(arn, GENERATE_UUID()) AS identity FROM items),
ranked AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY identity ORDER BY is_setting, LENGTH(columns) DESC, resource_type, columns, tags) AS place
  FROM identified
),
resources AS (
  SELECT
    ANY_VALUE(looked_at HAVING MIN place) AS looked_at, ANY_VALUE(resource_type HAVING MIN place) AS resource_type,
    ARRAY_AGG(account_id IGNORE NULLS ORDER BY place LIMIT 1)[SAFE_OFFSET(0)] AS account_id,
    ARRAY_AGG(region IGNORE NULLS ORDER BY place LIMIT 1)[SAFE_OFFSET(0)] AS region,
    MIN(arn) AS arn, ANY_VALUE(resource_name HAVING MIN place) AS resource_name, ANY_VALUE(tags HAVING MIN place) AS tags,
    CONCAT('{', COALESCE(STRING_AGG(NULLIF(SUBSTR(columns, 2, LENGTH(columns) - 2), ''), ',' ORDER BY place DESC), ''), '}') AS columns
  FROM ranked GROUP BY identity
),
placed AS (
  -- Where an ARN says that a resource is, and what it calls its type.
  SELECT *, REGEXP_EXTRACT(arn, r'^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[A-Za-z0-9_.-]*[:/])?') AS place FROM resources
)
SELECT
  'cloudquery' AS cloudraci, looked_at, resource_type, account_id, region,
  MIN(arn) AS arn, MAX(arn) AS last_arn, MIN(resource_name) AS resource_name, MAX(resource_name) AS last_resource_name,
  columns, tags, COUNT(*) AS resources
FROM placed
GROUP BY looked_at, resource_type, account_id, region, place, columns, tags
