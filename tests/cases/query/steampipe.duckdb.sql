-- Groups of the resources in tables of Steampipe, for `imports: [{file: groups.parquet}]` of an inventory. DuckDB 1.3 or later.
-- Made by cloudraci [VERSION]. Make it again after an update of the program, and after a change of the tags that rules name.
--
-- It reads 2 tables, as they were exported: each a Parquet file of its name. `--table` says it otherwise, with {table} for
-- the name: "read_csv('exports/{table}.csv', header = true, all_varchar = true)". Where one of them does not exist, make the query
-- with a list of those that do:
--   ls exports | cloudraci query steampipe --dialect duckdb --tables - inventory.yaml > query.sql
-- Then:
--   duckdb -c "COPY ($(cat query.sql)) TO 'groups.parquet'"
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
  ('aws_rds_db_instance', 'AWS::RDS::DBInstance', '22cce6e9',
   ' allocatedstorage auth. auth.iamauth authtype autominorversionupgrade backtrackwindow backupretentionperiod cacertidentifier cacertificateidentifier class clusterform clusteridentifier. clusterscalabilitytype copytagstosnapshot dbclusteridentifier. dbclusterinstanceclass. dbclustersnapshotidentifier dbinstanceclass dbinstancestatus dbsnapshotidentifier debuglogging defaultauthscheme deletionpolicy deletionprotection enablecloudwatchlogsexports enabledcloudwatchlogsexports enableiamdatabaseauthentication enableperformanceinsights engine enginefamily. enginemode engineversion finalsnapshotidentifier. globalclusteridentifier. globaldatabases. iamdatabaseauthentication iamdatabaseauthenticationenabled instanceclass instanceupgrades instancewriters internetaccessgatewayenabled kind licensemodel managemasteruserpassword masterusername masterusersecret. masterusersecret.secretarn masterusersecret.secretstatus maxallocatedstorage monitoringinterval multiaz pendingmodifiedvalues. pendingmodifiedvalues.backupretentionperiod pendingmodifiedvalues.cacertificateidentifier pendingmodifiedvalues.iamdatabaseauthenticationenabled pendingmodifiedvalues.multiaz pendingmodifiedvalues.pendingcloudwatchlogsexports performanceinsightsenabled publiclyaccessible readreplicasourcedbclusteridentifier. readreplicasourcedbinstanceidentifier. replicatesourcedb. replicationsourceidentifier. requiretls resourcetype restored restoretime serverlessv2scalingconfiguration. shardcapacity. shardcount. skipfinalsnapshot sourcedbclusteridentifier sourcedbinstanceautomatedbackupsarn sourcedbinstanceidentifier sourcedbiresourceid status storageencrypted uselatestrestorabletime username ', ''),
  ('aws_sqs_queue', 'AWS::SQS::Queue', 'ae943209',
   ' kmsmasterkeyid sqsmanagedsseenabled ', '')
),
-- The rows as JSON: a column that a table lacks is a key that is not there.
source AS NOT MATERIALIZED (
  SELECT 'aws_rds_db_instance' AS table_name, to_json(t) AS item FROM read_parquet('aws_rds_db_instance.parquet', binary_as_string = true) AS t
  UNION ALL
  SELECT 'aws_sqs_queue' AS table_name, to_json(t) AS item FROM read_parquet('aws_sqs_queue.parquet', binary_as_string = true) AS t
),
items AS NOT MATERIALIZED (
  SELECT
    looked_at, resource_type, own_arn <> '' AS is_setting,
    json_extract_string(item, '$.account_id') AS account_id, json_extract_string(item, '$.region') AS region,
    coalesce(CASE WHEN own_arn <> '' THEN json_extract_string(item, '$.' || own_arn) END, CASE WHEN json_extract_string(item, '$.arn') LIKE '[%' THEN json_extract_string(TRY_CAST(json_extract_string(item, '$.arn') AS JSON), '$[0]') ELSE json_extract_string(item, '$.arn') END, CASE WHEN json_extract_string(item, '$.akas') LIKE '[%' THEN json_extract_string(TRY_CAST(json_extract_string(item, '$.akas') AS JSON), '$[0]') ELSE json_extract_string(item, '$.akas') END) AS arn,
    coalesce(json_extract_string(item, '$.name'), json_extract_string(item, '$.title')) AS resource_name,
    '{' || coalesce(list_aggregate(list_transform(json_keys(item), lambda k1: CASE
        WHEN json_type(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) = 'NULL' THEN NULL
        WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || ' ') THEN CAST(to_json(k1) AS VARCHAR) || ':' || CAST(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) AS VARCHAR)
        WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '. ') THEN CAST(to_json(k1) AS VARCHAR) || ':' || CASE json_type(CASE WHEN json_type(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) = 'VARCHAR' AND (json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '{%' OR json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '[%') THEN coalesce(TRY_CAST(json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') AS JSON), json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) ELSE json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) END) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(
          CASE json_type(CASE WHEN json_type(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) = 'VARCHAR' AND (json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '{%' OR json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '[%') THEN coalesce(TRY_CAST(json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') AS JSON), json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) ELSE json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) END) WHEN 'ARRAY' THEN json_extract(CASE WHEN json_type(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) = 'VARCHAR' AND (json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '{%' OR json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '[%') THEN coalesce(TRY_CAST(json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') AS JSON), json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) ELSE json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) END, '$[*]') ELSE [CASE WHEN json_type(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) = 'VARCHAR' AND (json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '{%' OR json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '[%') THEN coalesce(TRY_CAST(json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') AS JSON), json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) ELSE json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) END] END, lambda e1:
          CASE WHEN json_type(e1) <> 'OBJECT' OR len(list_filter(json_keys(e1), lambda n: json_type(json_extract(e1, '/' || replace(replace(n, '~', '~0'), '/', '~1'))) <> 'NULL')) = 0 THEN CAST(e1 AS VARCHAR)
          ELSE concat_ws(',', '{"(...)":true', nullif(coalesce(list_aggregate(list_transform(json_keys(e1), lambda k2: CASE
          WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || ' ') THEN CAST(to_json(k2) AS VARCHAR) || ':' || CAST(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1')) AS VARCHAR)
          WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '. ') THEN CAST(to_json(k2) AS VARCHAR) || ':' || CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(
            CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN json_extract(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1')), '$[*]') ELSE [json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))] END, lambda e2:
            CASE WHEN json_type(e2) <> 'OBJECT' OR len(list_filter(json_keys(e2), lambda n: json_type(json_extract(e2, '/' || replace(replace(n, '~', '~0'), '/', '~1'))) <> 'NULL')) = 0 THEN CAST(e2 AS VARCHAR)
            ELSE concat_ws(',', '{"(...)":true', nullif(coalesce(list_aggregate(list_transform(json_keys(e2), lambda k3: CASE
            WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || ' ') THEN CAST(to_json(k3) AS VARCHAR) || ':' || CAST(json_extract(e2, '/' || replace(replace(k3, '~', '~0'), '/', '~1')) AS VARCHAR)
            WHEN contains(paths, ' ' || replace(lower(k1), '_', '') || '.' || replace(lower(k2), '_', '') || '.' || replace(lower(k3), '_', '') || '. ') THEN CAST(to_json(k3) AS VARCHAR) || ':' || CAST(json_extract(e2, '/' || replace(replace(k3, '~', '~0'), '/', '~1')) AS VARCHAR)
          END), 'string_agg', ','), ''), '')) || '}' END
          ), ',') || CASE json_type(json_extract(e1, '/' || replace(replace(k2, '~', '~0'), '/', '~1'))) WHEN 'ARRAY' THEN ']' ELSE '' END
        END), 'string_agg', ','), ''), '')) || '}' END
        ), ',') || CASE json_type(CASE WHEN json_type(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) = 'VARCHAR' AND (json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '{%' OR json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') LIKE '[%') THEN coalesce(TRY_CAST(json_extract_string(json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')), '$') AS JSON), json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1'))) ELSE json_extract(item, '/' || replace(replace(k1, '~', '~0'), '/', '~1')) END) WHEN 'ARRAY' THEN ']' ELSE '' END
      END), 'string_agg', ','), '') || '}'
    AS columns,
    -- Of a text that is JSON it is what it says that counts.
    CASE WHEN json_extract_string(item, '$.tags') LIKE '{%' OR json_extract_string(item, '$.tags') LIKE '[%'
    THEN coalesce(TRY_CAST(json_extract_string(item, '$.tags') AS JSON), json_extract(item, '$.tags'))
    ELSE json_extract(item, '$.tags') END AS told
  FROM source JOIN wanted ON source.table_name = wanted.table_name
),
tagged AS NOT MATERIALIZED (
  SELECT * EXCLUDE (told), CASE json_type(told)
    WHEN 'OBJECT' THEN '{' || array_to_string(list_transform(
      list_filter(json_keys(told), lambda k: k IN ('it''s \ one', 'team')),
      lambda k: CAST(to_json(k) AS VARCHAR) || ':' || CAST(json_extract(told, '/' || replace(replace(k, '~', '~0'), '/', '~1')) AS VARCHAR)
    ), ',') || '}'
    WHEN 'ARRAY' THEN '[' || array_to_string(list_transform(
      list_filter(json_extract(told, '$[*]'), lambda tag: coalesce(json_extract_string(tag, '$.Key'), json_extract_string(tag, '$.key')) IN ('it''s \ one', 'team')),
      lambda tag: CAST(tag AS VARCHAR)
    ), ',') || ']'
    WHEN 'VARCHAR' THEN CAST(told AS VARCHAR)
    ELSE '{}' END AS tags
  FROM items
),
-- What stands under one ARN is one resource, whatever tables tell of it. Where they differ, the one counts that says most.
identified AS (SELECT *, coalesce(arn, CAST(row_number() OVER () AS VARCHAR)) AS identity FROM tagged),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY identity ORDER BY is_setting, length(columns) DESC, resource_type, columns, tags) AS place
  FROM identified
),
resources AS (
  SELECT
    min(looked_at) FILTER (WHERE place = 1) AS looked_at, min(resource_type) FILTER (WHERE place = 1) AS resource_type,
    first(account_id ORDER BY place) FILTER (WHERE account_id IS NOT NULL) AS account_id,
    first(region ORDER BY place) FILTER (WHERE region IS NOT NULL) AS region,
    min(arn) AS arn, min(resource_name) FILTER (WHERE place = 1) AS resource_name, min(tags) FILTER (WHERE place = 1) AS tags,
    CASE WHEN count(*) = 1 THEN min(columns) ELSE CAST(
      list_reduce(list(CAST(columns AS JSON) ORDER BY place DESC), lambda low, high: json_merge_patch(low, high))
    AS VARCHAR) END AS columns
  FROM ranked GROUP BY identity
)
SELECT
  'steampipe' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM resources
GROUP BY
  looked_at, resource_type, account_id, region,
  -- Where an ARN says that a resource is, and what it calls its type.
  regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?'),
  columns, tags
