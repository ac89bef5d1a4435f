-- Groups of the resources in tables of Steampipe, for `imports: [{file: groups.csv}]` of an inventory. PostgreSQL 12 or later.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads 2 tables. Where one of them does not exist, make the query with a list of those that do:
--   psql -Atc "SELECT table_name, column_name FROM information_schema.columns" > tables.txt
--   cloudraci query steampipe --dialect postgres --tables tables.txt inventory.yaml > query.sql
-- With it each table is asked for those columns alone that are looked at. Then:
--   psql -qc "COPY ($(cat query.sql)) TO STDOUT (FORMAT csv, HEADER)" > groups.csv
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
  ('aws_rds_db_instance', 'AWS::RDS::DBInstance', '22cce6e9',
   ' allocatedstorage auth. auth.iamauth authtype autominorversionupgrade backtrackwindow backupretentionperiod cacertidentifier cacertificateidentifier class clusterform clusteridentifier. clusterscalabilitytype copytagstosnapshot dbclusteridentifier. dbclusterinstanceclass. dbclustersnapshotidentifier dbinstanceclass dbinstancestatus dbsnapshotidentifier debuglogging defaultauthscheme deletionpolicy deletionprotection enablecloudwatchlogsexports enabledcloudwatchlogsexports enableiamdatabaseauthentication enableperformanceinsights engine enginefamily. enginemode engineversion finalsnapshotidentifier. globalclusteridentifier. globaldatabases. iamdatabaseauthentication iamdatabaseauthenticationenabled instanceclass instanceupgrades instancewriters internetaccessgatewayenabled kind licensemodel managemasteruserpassword masterusername masterusersecret. masterusersecret.secretarn masterusersecret.secretstatus maxallocatedstorage monitoringinterval multiaz pendingmodifiedvalues. pendingmodifiedvalues.backupretentionperiod pendingmodifiedvalues.cacertificateidentifier pendingmodifiedvalues.iamdatabaseauthenticationenabled pendingmodifiedvalues.multiaz pendingmodifiedvalues.pendingcloudwatchlogsexports performanceinsightsenabled publiclyaccessible readreplicasourcedbclusteridentifier. readreplicasourcedbinstanceidentifier. replicatesourcedb. replicationsourceidentifier. requiretls resourcetype restored restoretime serverlessv2scalingconfiguration. shardcapacity. shardcount. skipfinalsnapshot sourcedbclusteridentifier sourcedbinstanceautomatedbackupsarn sourcedbinstanceidentifier sourcedbiresourceid status storageencrypted uselatestrestorabletime username ', ''),
  ('aws_sqs_queue', 'AWS::SQS::Queue', 'ae943209',
   ' kmsmasterkeyid sqsmanagedsseenabled ', '')
),
-- The rows as JSON: a column that a table lacks is a key that is not there. What is null says nothing.
source AS NOT MATERIALIZED (
  SELECT 'aws_rds_db_instance' AS table_name, jsonb_strip_nulls(to_jsonb(t)) AS item FROM aws_rds_db_instance AS t
  UNION ALL
  SELECT 'aws_sqs_queue' AS table_name, jsonb_strip_nulls(to_jsonb(t)) AS item FROM aws_sqs_queue AS t
  OFFSET 0
),
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting, item ->> 'account_id' AS account_id, item ->> 'region' AS region,
    coalesce(item ->> nullif(own_arn, ''), CASE WHEN item ->> 'arn' LIKE '[%' THEN (item ->> 'arn')::jsonb ->> 0 ELSE item ->> 'arn' END, CASE WHEN item ->> 'akas' LIKE '[%' THEN (item ->> 'akas')::jsonb ->> 0 ELSE item ->> 'akas' END) AS arn,
    coalesce(item ->> 'name', item ->> 'title') AS resource_name,
    CASE jsonb_typeof(item) WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(k1, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 THEN v1 ELSE (SELECT CASE jsonb_typeof(v1) WHEN 'array' THEN a1 ELSE a1 -> 0 END FROM (
          SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e1) = 'object' AND e1 <> '{}' THEN '{"(...)": true}' ||
            (SELECT coalesce(jsonb_object_agg(k2, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 THEN v2 ELSE (SELECT CASE jsonb_typeof(v2) WHEN 'array' THEN a2 ELSE a2 -> 0 END FROM (
            SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof(e2) = 'object' AND e2 <> '{}' THEN '{"(...)": true}' ||
              (SELECT coalesce(jsonb_object_agg(k3, CASE WHEN strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 THEN v3 ELSE v3 END), '{}')
          FROM jsonb_each(e2) AS f3 (k3, v3)
          WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') > 0)
            ELSE e2 END ORDER BY i2), '[]') AS a2
            FROM jsonb_array_elements(CASE jsonb_typeof(v2) WHEN 'array' THEN v2 ELSE jsonb_build_array(v2) END)
              WITH ORDINALITY AS t2 (e2, i2)) AS s2) END), '{}')
        FROM jsonb_each(e1) AS f2 (k2, v2)
        WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') > 0)
          ELSE e1 END ORDER BY i1), '[]') AS a1
          FROM jsonb_array_elements(CASE jsonb_typeof(v1) WHEN 'array' THEN v1 ELSE jsonb_build_array(v1) END)
            WITH ORDINALITY AS t1 (e1, i1)) AS s1) END), '{}')
      FROM jsonb_each(item) AS f1 (k1, v1)
      WHERE strpos(paths, ' ' || replace(lower(k1), '_', '') || ' ') > 0 OR strpos(paths, ' ' || replace(lower(k1), '_', '') || '. ') > 0) ELSE '{}' END
    AS columns,
    CASE jsonb_typeof(item -> 'tags')
      WHEN 'object' THEN (
        SELECT coalesce(jsonb_object_agg(k, v), '{}') FROM jsonb_each(item -> 'tags') AS t (k, v) WHERE k IN ('it''s \ one', 'team'))
      WHEN 'array' THEN (
        SELECT coalesce(jsonb_object_agg(coalesce(tag ->> 'Key', tag ->> 'key'), coalesce(tag ->> 'Value', tag ->> 'value', '')), '{}')
        FROM jsonb_array_elements(item -> 'tags') AS t (tag) WHERE coalesce(tag ->> 'Key', tag ->> 'key') IN ('it''s \ one', 'team'))
      ELSE coalesce(item -> 'tags', '{}')
    END AS tags
  FROM source JOIN wanted ON source.table_name = wanted.table_name
  OFFSET 0
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most.
identified AS (SELECT *, coalesce(arn, (row_number() OVER ())::text) AS identity FROM items),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY identity ORDER BY is_setting, length(columns::text) DESC, resource_type, columns::text, tags::text
  ) AS place
  FROM identified
),
gathered AS (
  SELECT
    min(looked_at) FILTER (WHERE place = 1) AS looked_at, min(resource_type) FILTER (WHERE place = 1) AS resource_type,
    (array_agg(account_id ORDER BY place) FILTER (WHERE account_id IS NOT NULL))[1] AS account_id,
    (array_agg(region ORDER BY place) FILTER (WHERE region IS NOT NULL))[1] AS region,
    min(arn) AS arn, min(resource_name) FILTER (WHERE place = 1) AS resource_name,
    count(*) AS times, array_agg(columns ORDER BY place DESC) AS blocks, (array_agg(tags ORDER BY place))[1] AS tags
  FROM ranked GROUP BY identity
),
resources AS (
  SELECT
    looked_at, resource_type, account_id, region, arn, resource_name, tags,
    CASE WHEN times = 1 THEN blocks[1] ELSE (
      SELECT coalesce(jsonb_object_agg(k, v ORDER BY n), '{}')
      FROM unnest(blocks) WITH ORDINALITY AS block (said, n), jsonb_each(said) AS field (k, v)
    ) END AS columns
  FROM gathered
)
SELECT
  'steampipe' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM resources
GROUP BY
  looked_at, resource_type, account_id, region,
  -- Where an ARN says that a resource is, and what it calls its type.
  substring(arn FROM '^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[A-Za-z0-9_.-]*[:/])?'),
  columns, tags
