-- Groups of the resources in tables of CloudQuery, for `imports: [{file: groups.csv}]` of an inventory. Athena engine 3, Trino.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads 2 tables, of each the columns that are there and looked at:
--   SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'DATABASE'   -- save it as columns.csv
--   cloudraci query cloudquery --dialect athena --tables columns.csv inventory.yaml > query.sql
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
  ('aws_s3_bucket_versionings', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', 'bucket_arn'),
  ('aws_s3_buckets', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', '')
),
-- The rows as JSON.
source AS (
  SELECT 'aws_s3_bucket_versionings' AS table_name, CAST(map(ARRAY['bucket_arn', 'status'], ARRAY[CAST(t."bucket_arn" AS json), CAST(t."status" AS json)]) AS json) AS item FROM (SELECT "bucket_arn", "status" FROM aws_s3_bucket_versionings) AS t
  UNION ALL
  SELECT 'aws_s3_buckets' AS table_name, CAST(map(ARRAY['arn', 'name'], ARRAY[CAST(t."arn" AS json), CAST(t."name" AS json)]) AS json) AS item FROM (SELECT "arn", "name" FROM aws_s3_buckets) AS t
),
items AS (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting,
    json_extract_scalar(item, '$.account_id') AS account_id, json_extract_scalar(item, '$.region') AS region,
    coalesce(
      CAST(element_at(CAST(item AS map(varchar, json)), nullif(own_arn, '')) AS varchar),
      json_extract_scalar(item, '$.arn')
    ) AS arn,
    coalesce(json_extract_scalar(item, '$.name'), NULL) AS resource_name,
    '{' || array_join(transform(coalesce(map_keys(TRY_CAST(item AS map(varchar, json))), ARRAY[]), k1 -> CASE
        WHEN coalesce(json_format(element_at(TRY_CAST(item AS map(varchar, json)), k1)), 'null') = 'null' THEN NULL
        WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 THEN json_format(CAST(k1 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(item AS map(varchar, json)), k1)), 'null')
        WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '. ') > 0 THEN json_format(CAST(k1 AS json)) || ':' || CASE WHEN substr(json_format(coalesce(TRY(json_parse(nullif(TRY_CAST(element_at(TRY_CAST(item AS map(varchar, json)), k1) AS varchar), ''))), element_at(TRY_CAST(item AS map(varchar, json)), k1))), 1, 1) = '[' THEN '[' ELSE '' END || array_join(transform(
          CASE WHEN substr(json_format(coalesce(TRY(json_parse(nullif(TRY_CAST(element_at(TRY_CAST(item AS map(varchar, json)), k1) AS varchar), ''))), element_at(TRY_CAST(item AS map(varchar, json)), k1))), 1, 1) = '[' THEN TRY_CAST(coalesce(TRY(json_parse(nullif(TRY_CAST(element_at(TRY_CAST(item AS map(varchar, json)), k1) AS varchar), ''))), element_at(TRY_CAST(item AS map(varchar, json)), k1)) AS array(json)) ELSE ARRAY[coalesce(TRY(json_parse(nullif(TRY_CAST(element_at(TRY_CAST(item AS map(varchar, json)), k1) AS varchar), ''))), element_at(TRY_CAST(item AS map(varchar, json)), k1))] END, e1 ->
          CASE WHEN substr(json_format(e1), 1, 1) = '{' AND cardinality(map_filter(TRY_CAST(e1 AS map(varchar, json)), (n, v) -> v IS NOT NULL AND json_format(v) <> 'null')) > 0 THEN '{' || array_join(ARRAY['"(...)":true'] ||
            transform(coalesce(map_keys(TRY_CAST(e1 AS map(varchar, json))), ARRAY[]), k2 -> CASE
          WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 THEN json_format(CAST(k2 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 'null')
          WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') > 0 THEN json_format(CAST(k2 AS json)) || ':' || CASE WHEN substr(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 1, 1) = '[' THEN '[' ELSE '' END || array_join(transform(
            CASE WHEN substr(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 1, 1) = '[' THEN TRY_CAST(element_at(TRY_CAST(e1 AS map(varchar, json)), k2) AS array(json)) ELSE ARRAY[element_at(TRY_CAST(e1 AS map(varchar, json)), k2)] END, e2 ->
            CASE WHEN substr(json_format(e2), 1, 1) = '{' AND cardinality(map_filter(TRY_CAST(e2 AS map(varchar, json)), (n, v) -> v IS NOT NULL AND json_format(v) <> 'null')) > 0 THEN '{' || array_join(ARRAY['"(...)":true'] ||
              transform(coalesce(map_keys(TRY_CAST(e2 AS map(varchar, json))), ARRAY[]), k3 -> CASE
            WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 THEN json_format(CAST(k3 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(e2 AS map(varchar, json)), k3)), 'null')
            WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') > 0 THEN json_format(CAST(k3 AS json)) || ':' || coalesce(json_format(element_at(TRY_CAST(e2 AS map(varchar, json)), k3)), 'null')
          END), ',') || '}'
            ELSE coalesce(json_format(e2), 'null') END
          ), ',') || CASE WHEN substr(json_format(element_at(TRY_CAST(e1 AS map(varchar, json)), k2)), 1, 1) = '[' THEN ']' ELSE '' END
        END), ',') || '}'
          ELSE coalesce(json_format(e1), 'null') END
        ), ',') || CASE WHEN substr(json_format(coalesce(TRY(json_parse(nullif(TRY_CAST(element_at(TRY_CAST(item AS map(varchar, json)), k1) AS varchar), ''))), element_at(TRY_CAST(item AS map(varchar, json)), k1))), 1, 1) = '[' THEN ']' ELSE '' END
      END), ',') || '}'
    AS columns,
    -- Of a text that is JSON it is what it says that counts.
    coalesce(TRY(json_parse(json_extract_scalar(item, '$.tags'))), json_extract(item, '$.tags')) AS told
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most: of a key
-- that stands twice in JSON the last counts.
identified AS (
  SELECT *, coalesce(arn, CAST(uuid() AS varchar)) AS identity, coalesce(
    json_format(CAST(map_filter(TRY_CAST(told AS map(varchar, json)), (k, v) -> k IN ('it''s \ one', 'team')) AS json)),
    json_format(CAST(filter(TRY_CAST(told AS array(json)), tag ->
      coalesce(json_extract_scalar(tag, '$.Key'), json_extract_scalar(tag, '$.key')) IN ('it''s \ one', 'team')) AS json)),
    '{}'
  ) AS tags
  FROM items
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY identity ORDER BY is_setting, length(columns) DESC, resource_type, columns, tags) AS place
  FROM identified
),
resources AS (
  SELECT
    min_by(looked_at, place) AS looked_at, min_by(resource_type, place) AS resource_type,
    min_by(account_id, place) FILTER (WHERE account_id IS NOT NULL) AS account_id,
    min_by(region, place) FILTER (WHERE region IS NOT NULL) AS region,
    min(arn) AS arn, min_by(resource_name, place) AS resource_name, min_by(tags, place) AS tags,
    '{' || coalesce(array_join(
      array_agg(substr(columns, 2, length(columns) - 2) ORDER BY place DESC) FILTER (WHERE columns <> '{}'), ','), '') || '}' AS columns
  FROM ranked GROUP BY identity
),
placed AS (
  -- Where an ARN says that a resource is, and what it calls its type.
  SELECT *, regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?') AS place FROM resources
)
SELECT
  'cloudquery' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM placed
GROUP BY looked_at, resource_type, account_id, region, place, columns, tags
