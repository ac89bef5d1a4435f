-- Groups of the resources in tables of CloudQuery, for `imports: [{file: groups.parquet}]` of an inventory. Snowflake: run the whole
-- text in one session, and unload the result as Parquet, JSON lines, or CSV with doubled quotes.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads 2 tables. Where one of them does not exist, make the query with a list of those that do:
--   SELECT table_name, column_name FROM information_schema.columns   -- save it as columns.csv
--   cloudraci query cloudquery --dialect snowflake --tables columns.csv inventory.yaml > query.sql
CREATE OR REPLACE TEMPORARY FUNCTION cloudraci_row(ITEM VARIANT, PATHS VARCHAR) RETURNS VARIANT LANGUAGE JAVASCRIPT AS
$$
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
  return lookedAt(ITEM, '');
$$;
CREATE OR REPLACE TEMPORARY FUNCTION cloudraci_tags(TOLD VARIANT, TAGS ARRAY) RETURNS VARIANT LANGUAGE JAVASCRIPT AS
$$
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
  return TOLD === undefined || TOLD === null ? {} : picked(TOLD);
$$;

WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (SELECT * FROM VALUES
  ('aws_s3_bucket_versionings', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', 'bucket_arn'),
  ('aws_s3_buckets', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', '')
),
-- The rows as JSON: a column that a table lacks is a key that is not there. What is null says nothing, and is left out.
source AS (
  SELECT 'aws_s3_bucket_versionings' AS table_name, OBJECT_CONSTRUCT(t.*) AS item FROM (SELECT "bucket_arn", "status" FROM aws_s3_bucket_versionings) AS t
  UNION ALL
  SELECT 'aws_s3_buckets' AS table_name, OBJECT_CONSTRUCT(t.*) AS item FROM (SELECT "arn", "name" FROM aws_s3_buckets) AS t
),
items AS (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting,
    GET_IGNORE_CASE(item, 'account_id')::VARCHAR AS account_id, GET_IGNORE_CASE(item, 'region')::VARCHAR AS region,
    COALESCE(GET_IGNORE_CASE(item, NULLIF(own_arn, ''))::VARCHAR, GET_IGNORE_CASE(item, 'arn')::VARCHAR) AS arn,
    COALESCE(GET_IGNORE_CASE(item, 'name')::VARCHAR, NULL) AS resource_name,
    TO_JSON(cloudraci_row(item, paths)) AS columns,
    TO_JSON(cloudraci_tags(GET_IGNORE_CASE(item, 'tags'), ARRAY_CONSTRUCT('it\'s \\ one', 'team'))) AS tags
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most: of a key
-- that stands twice in JSON the last counts.
identified AS (SELECT *, COALESCE(arn, UUID_STRING()) AS identity FROM items),
ranked AS (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY identity ORDER BY is_setting, LENGTH(columns) DESC, resource_type, columns, tags) AS place
  FROM identified
),
resources AS (
  SELECT
    MIN_BY(looked_at, place) AS looked_at, MIN_BY(resource_type, place) AS resource_type,
    MIN_BY(account_id, CASE WHEN account_id IS NOT NULL THEN place END) AS account_id,
    MIN_BY(region, CASE WHEN region IS NOT NULL THEN place END) AS region,
    MIN(arn) AS arn, MIN_BY(resource_name, place) AS resource_name, MIN_BY(tags, place) AS tags,
    CONCAT('{', LISTAGG(NULLIF(SUBSTR(columns, 2, LENGTH(columns) - 2), ''), ',') WITHIN GROUP (ORDER BY place DESC), '}') AS columns
  FROM ranked GROUP BY identity
),
placed AS (
  -- Where an ARN says that a resource is, and what it calls its type.
  SELECT *, REGEXP_SUBSTR(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?') AS place FROM resources
)
SELECT
  'cloudquery' AS cloudraci, looked_at, resource_type, account_id, region,
  MIN(arn) AS arn, MAX(arn) AS last_arn, MIN(resource_name) AS resource_name, MAX(resource_name) AS last_resource_name,
  columns, tags, COUNT(*) AS resources
FROM placed
GROUP BY looked_at, resource_type, account_id, region, place, columns, tags
