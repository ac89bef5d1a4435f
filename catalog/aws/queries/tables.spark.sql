-- Groups of the resources in tables of {{engine}}, for `imports: [{file: groups.parquet}]` of an inventory. Spark 3.4 or later: Glue,
-- EMR, Databricks. Made by {{program}}. Make it again after an update of the program, and after a change of the tags that rules
-- name.
--
-- It reads {{count}} tables. Where one of them does not exist, make the query with a list of those that do:
--   spark-sql -e "SHOW TABLES" > tables.txt
--   cloudraci query {{source}} --dialect spark --tables tables.txt inventory.yaml > query.sql
WITH
-- What is looked at of each table. A path that ends in a dot only leads on; names are compared by their letters alone, in small
-- letters. `own_arn` is the column of a table of settings that holds the ARN of the resource that they are of.
wanted (table_name, resource_type, looked_at, paths, own_arn) AS (VALUES
{{wanted}}
),
-- The rows as JSON: a column that a table lacks is a key that is not there. What is null says nothing, and is left out.
source AS (
{{tables to_json(struct(t.*))}}
),
items AS (
  SELECT /*+ BROADCAST(wanted) */
    looked_at, resource_type, own_arn <> '' AS is_setting,
    get_json_object(item, '$.account_id') AS account_id, get_json_object(item, '$.region') AS region,
    coalesce(CASE WHEN own_arn <> '' THEN get_json_object(item, concat('$.', own_arn)) END, {{arn CASE WHEN get_json_object(item, '$.COLUMN') LIKE '[%' THEN get_json_object(get_json_object(item, '$.COLUMN'), '$[0]') ELSE get_json_object(item, '$.COLUMN') END}}) AS arn,
    coalesce({{called get_json_object(item, '$.COLUMN')}}) AS resource_name,
    {{prune_row item}}
    AS columns,
    CASE WHEN get_json_object(item, '$.tags') LIKE '{%'
    THEN to_json(map_filter(from_json(get_json_object(item, '$.tags'), 'map<string,string>'), (k, v) -> k IN ({{tags}})))
    WHEN get_json_object(item, '$.tags') LIKE '[%'
    THEN to_json(filter(from_json(get_json_object(item, '$.tags'), 'array<map<string,string>>'), tag -> coalesce(tag['Key'], tag['key']) IN ({{tags}})))
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
  '{{source}}' AS cloudraci, looked_at, resource_type, account_id, region,
  min(arn) AS arn, max(arn) AS last_arn, min(resource_name) AS resource_name, max(resource_name) AS last_resource_name,
  columns, tags, count(*) AS resources
FROM (
  -- Where an ARN says that a resource is, and what it calls its type.
  SELECT *, regexp_extract(arn, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z0-9_.-]*[:/])?', 0) AS place FROM resources
)
GROUP BY looked_at, resource_type, account_id, region, place, columns, tags
