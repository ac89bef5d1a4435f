-- Groups of the resources in tables of CloudQuery, for `imports: [{file: groups.parquet}]` of an inventory. Spark 3.4 or later: Glue,
-- EMR, Databricks. Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules
-- name.
--
-- It reads 2 tables. Where one of them does not exist, make the query with a list of those that do:
--   spark-sql -e "SHOW TABLES" > tables.txt
--   cloudraci query cloudquery --dialect spark --tables tables.txt inventory.yaml > query.sql
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
  ('aws_s3_bucket_versionings', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', 'bucket_arn'),
  ('aws_s3_buckets', 'AWS::S3::Bucket', '4531eead',
   ' accesscontrol accesspointblock. accesspointblock.blockpublicacls accesspointblock.blockpublicpolicy accesspointblock.ignorepublicacls accesspointblock.restrictpublicbuckets acl applyserversideencryptionbydefault. applyserversideencryptionbydefault.ssealgorithm blockpublicacls blockpublicpolicy bucket bucketencryption. bucketencryption.serversideencryptionconfiguration. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault. bucketencryption.serversideencryptionconfiguration.serversideencryptionbydefault.ssealgorithm bucketloggingconfiguration. bucketloggingconfiguration.destinationbucketname. bucketname bucketpolicy. bucketpolicy.policytext bucketversioningconfiguration. bucketversioningconfiguration.ismfadeleteenabled bucketversioningconfiguration.status grant. grant.uri ignorepublicacls kind logging. logging.targetbucket. loggingconfiguration. loggingconfiguration.destinationbucketname. loggingtargetbucket. mfadelete multiregionaccesspointblock. multiregionaccesspointblock.blockpublicacls multiregionaccesspointblock.blockpublicpolicy multiregionaccesspointblock.ignorepublicacls multiregionaccesspointblock.restrictpublicbuckets name objectlockconfiguration. objectlockconfiguration.objectlockenabled objectlockenabled objectownership objectownershipcontrols. objectownershipcontrols.rules. objectownershipcontrols.rules.objectownership ownershipcontrols policy publicaccessblockconfiguration. publicaccessblockconfiguration.blockpublicacls publicaccessblockconfiguration.blockpublicpolicy publicaccessblockconfiguration.ignorepublicacls publicaccessblockconfiguration.restrictpublicbuckets receivesaccesslogs restrictpublicbuckets serversideencryptionconfiguration. serversideencryptionconfiguration.rules. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault. serversideencryptionconfiguration.rules.applyserversideencryptionbydefault.ssealgorithm ssealgorithm status tablebucketname. vectorbucketname. versioning versioningconfiguration. versioningconfiguration.status versioningenabled versioningmfadelete versioningstatus ', '')
),
-- The rows as JSON: a column that a table lacks is a key that is not there. What is null says nothing, and is left out.
source AS (
  SELECT 'aws_s3_bucket_versionings' AS table_name, to_json(struct(t.*)) AS item FROM (SELECT `bucket_arn`, `status` FROM aws_s3_bucket_versionings) AS t
  UNION ALL
  SELECT 'aws_s3_buckets' AS table_name, to_json(struct(t.*)) AS item FROM (SELECT `arn`, `name` FROM aws_s3_buckets) AS t
),
items AS (
  SELECT /*+ BROADCAST(wanted) */
    looked_at, resource_type, own_arn <> '' AS is_setting,
    get_json_object(item, '$.account_id') AS account_id, get_json_object(item, '$.region') AS region,
    coalesce(CASE WHEN own_arn <> '' THEN get_json_object(item, concat('$.', own_arn)) END, CASE WHEN get_json_object(item, '$.arn') LIKE '[%' THEN get_json_object(get_json_object(item, '$.arn'), '$[0]') ELSE get_json_object(item, '$.arn') END) AS arn,
    coalesce(get_json_object(item, '$.name')) AS resource_name,
    concat('{', array_join(transform(json_object_keys(item), k1 -> CASE
        WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), ' ')) > 0 THEN concat('"', k1, '":', coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null'))
        WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '. ')) > 0 THEN concat('"', k1, '":', CASE WHEN CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END LIKE '[%' THEN '[' ELSE '' END, array_join(transform(
          CASE WHEN CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END NOT LIKE '[%' THEN array(CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END) WHEN json_array_length(CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END) = 0 THEN filter(array(''), x -> false)
          ELSE transform(sequence(0, json_array_length(CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END) - 1), i1 -> coalesce(get_json_object(concat('[', CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END, ']'), concat('$[*][', i1, ']')), 'null')) END,
          e1 -> CASE WHEN e1 NOT LIKE '{%' OR size(filter(json_object_keys(e1), n -> get_json_object(e1, concat('$[\'', n, '\']')) IS NOT NULL)) = 0 THEN e1
          ELSE concat('{', array_join(concat(array('"(...)":true'), transform(json_object_keys(e1), k2 -> CASE
          WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), ' ')) > 0 THEN concat('"', k2, '":', coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null'))
          WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), '. ')) > 0 THEN concat('"', k2, '":', CASE WHEN coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null') LIKE '[%' THEN '[' ELSE '' END, array_join(transform(
            CASE WHEN coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null') NOT LIKE '[%' THEN array(coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null')) WHEN json_array_length(coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null')) = 0 THEN filter(array(''), x -> false)
            ELSE transform(sequence(0, json_array_length(coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null')) - 1), i2 -> coalesce(get_json_object(concat('[', coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null'), ']'), concat('$[*][', i2, ']')), 'null')) END,
            e2 -> CASE WHEN e2 NOT LIKE '{%' OR size(filter(json_object_keys(e2), n -> get_json_object(e2, concat('$[\'', n, '\']')) IS NOT NULL)) = 0 THEN e2
            ELSE concat('{', array_join(concat(array('"(...)":true'), transform(json_object_keys(e2), k3 -> CASE
            WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), '.', replace(lower(k3), '_', ''), ' ')) > 0 THEN concat('"', k3, '":', coalesce(get_json_object(concat('[', e2, ']'), concat('$[*][\'', k3, '\']')), 'null'))
            WHEN instr(paths, concat(' ', replace(lower(k1), '_', ''), '.', replace(lower(k2), '_', ''), '.', replace(lower(k3), '_', ''), '. ')) > 0 THEN concat('"', k3, '":', coalesce(get_json_object(concat('[', e2, ']'), concat('$[*][\'', k3, '\']')), 'null'))
          END)), ','), '}') END
          ), ','), CASE WHEN coalesce(get_json_object(concat('[', e1, ']'), concat('$[*][\'', k2, '\']')), 'null') LIKE '[%' THEN ']' ELSE '' END)
        END)), ','), '}') END
        ), ','), CASE WHEN CASE WHEN json_object_keys(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL OR json_array_length(get_json_object(item, concat('$[\'', k1, '\']'))) IS NOT NULL THEN get_json_object(item, concat('$[\'', k1, '\']')) ELSE coalesce(get_json_object(concat('[', item, ']'), concat('$[*][\'', k1, '\']')), 'null') END LIKE '[%' THEN ']' ELSE '' END)
      END), ','), '}')
    AS columns,
    CASE WHEN get_json_object(item, '$.tags') LIKE '{%'
    THEN to_json(map_filter(from_json(get_json_object(item, '$.tags'), 'map<string,string>'), (k, v) -> k IN ('it\'s \\ one', 'team')))
    WHEN get_json_object(item, '$.tags') LIKE '[%'
    THEN to_json(filter(from_json(get_json_object(item, '$.tags'), 'array<map<string,string>>'), tag -> coalesce(tag['Key'], tag['key']) IN ('it\'s \\ one', 'team')))
    ELSE '{}' END AS tags
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most: of a key
-- that stands twice in JSON the last counts.
identified AS (SELECT *, coalesce(arn, uuid()) AS identity FROM items),
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
    concat('{', array_join(transform(
      sort_array(collect_list(struct(-place AS place, substr(columns, 2, length(columns) - 2) AS fields)) FILTER (WHERE columns <> '{}')), one -> one.fields
    ), ','), '}') AS columns
  FROM ranked GROUP BY identity
)
SELECT
  'cloudquery' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM (
  -- Where an ARN says that a resource is, and what it calls its type.
  SELECT *, regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?', 0) AS place FROM resources
)
GROUP BY looked_at, resource_type, account_id, region, place, columns, tags
